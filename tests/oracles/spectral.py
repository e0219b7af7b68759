"""A slow second opinion on spectral features: the definitions, in numpy float64, by loops.

Imports nothing of the package. Mel scales: HTK book (2595 log10(1 + f / 700)) and Slaney's
auditory toolbox (linear below 1 kHz, 27 logarithmic steps per factor of 6.4 above).
"""

import math

import numpy as np


def window(name, length):
    """Periodic windows from their cosine sums; Bartlett is the triangle of period ``length``."""
    t = 2 * math.pi * np.arange(length) / length
    return {
        "hann": 0.5 - 0.5 * np.cos(t),
        "hamming": 0.54 - 0.46 * np.cos(t),
        "blackman": 0.42 - 0.5 * np.cos(t) + 0.08 * np.cos(2 * t),
        "bartlett": 1 - np.abs(2 * np.arange(length) / length - 1),
        "rectangular": np.ones(length),
    }[name]


def spectra(x, n_fft, win_length, hop, name="hann", center=True, pad="reflect", power=2):
    """Frames by one explicit DFT matrix, ``[bins, frames]``."""
    left = (n_fft - win_length) // 2
    taper = np.zeros(n_fft)
    taper[left : left + win_length] = window(name, win_length)
    if center:
        mode = {"reflect": "reflect", "zero": "constant", "edge": "edge"}[pad]
        x = np.pad(x, n_fft // 2, mode=mode)
    count = 1 + (len(x) - n_fft) // hop
    k, t = np.arange(n_fft // 2 + 1)[:, None], np.arange(n_fft)[None]
    dft = np.exp(-2j * np.pi * k * t / n_fft)
    columns = [np.abs(dft @ (taper * x[i * hop : i * hop + n_fft])) ** power for i in range(count)]
    return np.stack(columns, 1)


def hz_to_mel(f, scale):
    if scale == "htk":
        return 2595 * math.log10(1 + f / 700)
    return f * 3 / 200 if f < 1000 else 15 + 27 * math.log(f / 1000) / math.log(6.4)


def mel_to_hz(m, scale):
    if scale == "htk":
        return 700 * (10 ** (m / 2595) - 1)
    return m * 200 / 3 if m < 15 else 1000 * math.exp((m - 15) * math.log(6.4) / 27)


def mel_filters(rate, n_fft, n_mels, f_min, f_max, scale="htk", norm="none"):
    """Triangles between neighbouring mel points, ``[n_mels, bins]``."""
    low, high = hz_to_mel(f_min, scale), hz_to_mel(f_max, scale)
    edges = [mel_to_hz(m, scale) for m in np.linspace(low, high, n_mels + 2)]
    bank = np.zeros((n_mels, n_fft // 2 + 1))
    for m in range(n_mels):
        a, b, c = edges[m : m + 3]
        for k in range(n_fft // 2 + 1):
            f = k * rate / n_fft
            rise, fall = (f - a) / (b - a), (c - f) / (c - b)
            bank[m, k] = max(0.0, min(rise, fall)) * (2 / (c - a) if norm == "slaney" else 1)
    return bank


def dct(n_mfcc, n_mels, norm="ortho"):
    """DCT-II matrix ``[n_mfcc, n_mels]``; without a norm it has the factor 2."""
    matrix = np.zeros((n_mfcc, n_mels))
    for k in range(n_mfcc):
        for n in range(n_mels):
            matrix[k, n] = 2 * math.cos(math.pi / n_mels * (n + 0.5) * k)
        if norm == "ortho":
            matrix[k] *= math.sqrt(1 / (4 * n_mels)) if k == 0 else math.sqrt(1 / (2 * n_mels))
    return matrix
