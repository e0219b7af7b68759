"""Counts of a certification against networks whose exact answer is known."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from scipy.special import ndtr

from repaudit.contract.task import Unsupported
from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.models.errors import ModelError
from repaudit.statistics.certificate import certified_z
from tests.rerun.engine_cases import SEED, PointStudy, contract, point_study, two_classes

SIGMA = 0.5


def counted(study: PointStudy, n0: int, n: int, **changes: Any) -> CertificationRecords:
    records = study.engine().run_task(study.certification(SIGMA, n0, n, **changes), SEED).records
    assert isinstance(records, CertificationRecords)
    return records


def test_hits_are_binomial_with_the_probability_of_the_half_space(tmp_path: Path) -> None:
    # Class 1 is voted with probability Phi(margin / sigma), exactly.
    margins = np.linspace(0.05, 1.0, 40)

    records = counted(two_classes(tmp_path, margins.tolist()), 20, 2000)

    chances = ndtr(margins / SIGMA)
    scores = (records.label_hits - 2000 * chances) / np.sqrt(2000 * chances * (1 - chances))
    assert stats.kstest(scores, "norm").pvalue > 1e-3
    assert records.draws.tolist() == [2000] * 40


def test_certified_radii_stay_below_the_exact_one_up_to_alpha(tmp_path: Path) -> None:
    # The exact radius is the distance to the plane; a certificate exceeds it with probability
    # at most alpha. With alpha = .2 and 200 examples: at most 40 expected, Bin(200, .2).
    alpha, margins = 0.2, np.linspace(0.1, 0.9, 200)

    records = counted(two_classes(tmp_path, margins.tolist()), 20, 200, alpha=alpha)

    radii = SIGMA * certified_z(records.hits, 200, alpha)
    invalid = int(((radii >= margins) & (records.selected_class == 1)).sum())
    assert stats.binomtest(invalid, 200, alpha, "greater").pvalue > 1e-3
    assert invalid > 0  # the bound is near its level, so the test has power


def test_every_optional_column_is_filled_and_consistent(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.8, -0.8, 0.1], labels=[1, 1, 0])

    records = counted(study, 100, 400)

    assert records.base_class is not None
    assert records.base_class.tolist() == [1, 0, 1]
    assert records.selected_class.tolist()[:2] == [1, 0]
    assert records.top_class is not None
    assert records.top_class.tolist()[:2] == [1, 0]
    assert records.top_hits is not None
    assert records.top_hits.tolist()[0] == records.hits[0] == records.label_hits[0]
    # Two classes and no void votes: the votes against the label are those for the other class.
    assert records.label_hits[1] == 400 - records.hits[1]
    assert records.void is not None
    assert records.void.tolist() == [0, 0, 0]
    assert records.selection_hits is not None
    assert int(records.selection_hits[0]) > 80  # Phi(1.6) = .945
    assert records.noisy_class is not None
    assert set(records.noisy_class.tolist()) <= {0, 1}
    # Logits are -d and d for a distance d of the plane: the margin is 2 d over d.
    assert records.base_margin == pytest.approx([2.0, 2.0, 2.0], rel=1e-4)
    assert records.repeat.tolist() == [0, 0, 0]
    assert records.checkpoint.tolist() == ["a"] * 3
    assert records.example_id.tolist() == ["0", "1", "2"]


def test_the_norm_is_that_of_the_certified_vector_in_float64(tmp_path: Path) -> None:
    study = point_study(
        tmp_path,
        torch.tensor([[3.0, 4.0], [0.0, 0.0]]),
        [0, 0],
        torch.eye(2),
        torch.zeros(2),
    )
    run = study.engine().run_task(study.certification(SIGMA, 4, 16), SEED)

    assert isinstance(run.records, CertificationRecords)
    assert run.records.norm is not None
    assert run.records.norm.tolist() == [5.0, 0.0]
    assert run.zero_norm_examples == 1


def test_rho_that_is_empty_leaves_the_radius_as_it_is(tmp_path: Path) -> None:
    records = counted(two_classes(tmp_path, [0.8, -0.01]), 20, 400)

    radii = SIGMA * certified_z(records.hits, 400, 0.001)
    assert records.recording_radius is not None
    assert records.recording_radius == pytest.approx(radii, rel=1e-12)


def test_void_votes_count_for_no_class_and_stay_in_the_denominator(tmp_path: Path) -> None:
    # nan wherever the first coordinate is above 0: half of the draws around 0, Bin(2100, 1/2);
    # class 1 wins the rest by its bias.
    study = point_study(
        tmp_path,
        torch.zeros(1, 4),
        [1],
        torch.zeros(2, 4),
        torch.tensor([0.0, 1.0]),
        "void_above",
    )

    run = study.engine().run_task(study.certification(SIGMA, 100, 2000), SEED)

    assert isinstance(run.records, CertificationRecords)
    records = run.records
    assert records.void is not None
    assert records.selection_hits is not None
    assert int(records.void[0] + records.selection_hits[0] + records.hits[0]) == 2100
    assert run.void_votes == records.void[0]
    assert stats.binomtest(run.void_votes, 2100, 0.5).pvalue > 1e-3


def test_all_draws_void_gives_no_hits_and_a_void_base_class(tmp_path: Path) -> None:
    point = torch.tensor([[100.0, 0.0]])
    study = point_study(tmp_path, point, [1], torch.zeros(2, 2), torch.zeros(2), "void_above")

    records = counted(study, 10, 20)

    assert records.base_class is not None
    assert (int(records.hits[0]), int(records.label_hits[0])) == (0, 0)
    assert records.base_class.tolist() == [-1]


def test_a_network_whose_logits_all_tie_votes_for_the_lowest_class(tmp_path: Path) -> None:
    study = point_study(tmp_path, torch.ones(3, 4), [0, 1, 2], torch.zeros(3, 4), torch.zeros(3))

    records = counted(study, 10, 50)

    assert records.selected_class.tolist() == [0, 0, 0]
    assert records.hits.tolist() == [50, 50, 50]
    assert records.label_hits.tolist() == [50, 0, 0]


def test_t_acts_on_the_noisy_rows_and_not_on_the_clean_one(tmp_path: Path) -> None:
    # T clips at 0: every noisy row is at most 0 in the coordinate that decides, the point is at 5.
    study = point_study(
        tmp_path,
        torch.tensor([[5.0]]),
        [1],
        torch.tensor([[0.0], [1.0]]),
        torch.tensor([0.5, 0.0]),
    )
    clipped = contract([{"step": "clip", "low": "-1", "high": "0"}])

    records = counted(study, 10, 50, contract=clipped)

    assert records.base_class is not None
    assert records.base_class.tolist() == [1]
    assert records.hits.tolist() == [50]
    assert records.selected_class.tolist() == [0]


def test_the_noise_may_be_added_in_float64(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.3] * 4)

    single = counted(study, 20, 500)
    double = counted(study, 20, 500, contract=contract(dtype="float64"))

    assert single.hits.tolist() != double.hits.tolist()  # other draws of the same law
    chance = float(ndtr(0.6))
    assert stats.binomtest(int(double.label_hits.sum()), 2000, chance).pvalue > 1e-3


def test_noise_that_bfloat16_would_round_away_is_refused(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.3])

    with pytest.raises(Unsupported, match="bfloat16"):
        counted(study, 5, 5, contract=contract(dtype="bfloat16"))


def test_a_network_that_fails_is_an_error_of_the_model(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.3], network="broken")

    with pytest.raises(ModelError, match="cannot be multiplied"):
        counted(study, 5, 5)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16", "float16", "bfloat16_autocast"])
def test_the_network_runs_in_its_declared_type(tmp_path: Path, dtype: str) -> None:
    study = two_classes(tmp_path, [0.4] * 4, dtype=dtype)

    records = counted(study, 20, 500)

    # The plane is 3 from the origin in these coordinates: bfloat16 moves it by up to 2^-8 of that.
    chances = ndtr((np.array([0.4 - 0.03, 0.4 + 0.03])) / SIGMA)
    hits = int(records.label_hits.sum())
    assert stats.binom.cdf(hits, 2000, chances[0]) > 1e-3
    assert stats.binom.sf(hits, 2000, chances[1]) > 1e-3
