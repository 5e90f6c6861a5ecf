"""How far a decision has come, as a share between 0 and 1, or nothing when nothing is known.

A satisfied criterion counts for 1, any other for 0; parts of which all are needed weigh the same;
of alternatives the best counts; of k needed the k best. So the share is 1 exactly when the decision
is satisfied. It is a floor: what is pending may still be added. A zero would be false while anything
is pending, so there is then no share at all (N2).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from lti_tool.certification.rules.criteria import LEAF_KINDS, Criterion, Kind
from lti_tool.certification.rules.logic import Status

NONE, WHOLE = Decimal(0), Decimal(1)


def share_of(roots: Sequence[Criterion]) -> Decimal | None:
    """Return the mean share of several decisions, each of the same weight; None when unknown.

    Give it what the learner may see (`Criterion.for_learner`): a share made of hidden grades would
    let them be guessed (N6).
    """
    if not roots:
        return None
    share = _mean([_share(root) for root in roots])
    pending = any(leaf.status is Status.PENDING for leaf in _leaves(roots))
    return None if share == NONE and (pending or not any(_leaves(roots))) else share


def _share(criterion: Criterion) -> Decimal:
    if criterion.status is Status.SATISFIED:
        return WHOLE
    if criterion.kind in LEAF_KINDS or not criterion.children:
        return NONE
    shares = sorted((_share(child) for child in criterion.children), reverse=True)
    if criterion.kind in (Kind.ALL, Kind.MAPPED):
        return _mean(shares)
    if criterion.kind is Kind.AT_LEAST and criterion.threshold is not None:
        needed = int(criterion.threshold.amount)
        return sum(shares[:needed], NONE) / needed if needed else WHOLE
    return shares[0]


def _mean(shares: Sequence[Decimal]) -> Decimal:
    return sum(shares, NONE) / len(shares)


def _leaves(roots: Iterable[Criterion]) -> list[Criterion]:
    return [leaf for root in roots for leaf in root.leaves()]
