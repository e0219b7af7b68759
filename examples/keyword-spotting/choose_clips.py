"""Choose the example's test clips: four per class, hardly any of them borderline.

    python make_audio.py --out CANDIDATES/audio --split test --per-class 40 --seed 0
    (a plan beside them that declares all 480 clips) repaudit measure … -o CANDIDATES/results.json
    python choose_clips.py CANDIDATES/results.json --per-class 4 --seed 21 --out audio/manifest.csv

A clip is borderline when another run of the same protocol could well count it the other way. With
48 clips one flip is two points of accuracy, so an audit of borderline clips could decide nothing
in a minute. The choice looks at how sure each count is, never at whether the clip is right, and is
random among the sure ones: the plan declares the subset as listed, out of 480.
"""

import argparse
import csv
import random
from collections import defaultdict
from pathlib import Path

from repaudit.contract.evaluation import Certification
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.evidence.join import take
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.certificate import hits_for_z
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.variance import variance_of_abstentions, variance_of_count
from repaudit.verdicts.two_classes import decisive_hits

SURE = 0.0015
"""Largest variance of one clip's count, over all thresholds; 48 of them barely move a rate."""


def doubt_of(clip: CertificationRecords, evaluation: Certification, protocol: Protocol) -> float:
    """Return the largest variance of one clip's part in any rate that the evaluation claims."""
    found = [0.0]
    for claim in evaluation.claims:
        if claim.at_radius is not None:
            z = float(claim.at_radius) / float(evaluation.sigma)
            needed = hits_for_z(z, protocol.n, protocol.alpha)
            found.append(variance_of_count(clip.label_hits, needed, protocol, kappa=1.0))
        if claim.metric == "abstention_rate":
            hits = decisive_hits(clip)
            found.append(variance_of_abstentions(hits, protocol, kappa=1.0))
    return max(found) / 2  # of one run, not of the difference of two


def doubts(results: Results, places: Places) -> dict[str, float]:
    """Return for each example the largest variance of its part in any claimed rate."""
    worst: dict[str, float] = defaultdict(float)
    for name, evaluation in results.evaluations.items():
        if not isinstance(evaluation, Certification):
            continue
        records = load_evidence(results, name, places)
        assert isinstance(records, CertificationRecords)
        sampling = results.sampling[evaluation.sampling]
        protocol = Protocol(sampling.n0, sampling.n, float(sampling.alpha))
        for row, example in enumerate(records.example_id.tolist()):
            doubt = doubt_of(take(records, [row]), evaluation, protocol)
            worst[example] = max(worst[example], doubt)
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--per-class", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="manifest to write")
    arguments = parser.parse_args()
    results, _ = load_results(arguments.results)
    places = Places(arguments.results.parent, {})
    doubt = doubts(results, places)
    sure = defaultdict(list)
    manifest = places.verified(results.data["test"].manifest)
    with manifest.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if doubt[row["path"]] <= SURE:
                sure[row["label"]].append(row)
    for label, rows in sure.items():
        print(f"{label}: {len(rows)} sure clips")
    draw = random.Random(arguments.seed)
    chosen = [row for rows in sure.values() for row in draw.sample(rows, arguments.per_class)]
    with arguments.out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["path", "label", "sha256"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(chosen, key=lambda row: row["path"]))


if __name__ == "__main__":
    main()
