"""What is true: the records of the directory and the rules that hold for them."""

from .base import EditConflict, Fact, Page, Publication, Record, Status
from .changes import KeptChange
from .company import (
    Company,
    CompanyKind,
    Currency,
    FundingRound,
    Market,
    Office,
    OfficeKind,
    Relevance,
    Round,
    Stage,
)
from .curation import Redirect, RedirectKind
from .district import AnchorSite, Claim, Designation, District, Mark, PathStep, Station, Trait, TraitKind
from .duplicates import DistinctPair, MergeableKind, SuspectedPair
from .event import Event
from .imports import ImportBatch, ImportedChange
from .indicator import (
    Basis,
    Better,
    Extent,
    Flag,
    Indicator,
    IndicatorKind,
    Observation,
    ReferenceArea,
    Series,
)
from .institution import Institution, InstitutionKind
from .merges import Merge, MergedChange
from .program import (
    Call,
    CallKind,
    Coverage,
    Criterion,
    Dimension,
    Necessity,
    Operator,
    PeriodKind,
    Precision,
    Program,
)
from .proposal import Proposal, ProposalState, Sending
from .source import KoglType, Source
from .taxonomy import Industry, Province, SupportKind, Technology
from .upkeep import LinkCheck, LinkState, Portal, SyncRun, SyncState
from .uploads import SavedProfile, Upload, UploadState
from .version import Touch

__all__ = [
    "AnchorSite",
    "Basis",
    "Better",
    "Call",
    "CallKind",
    "Claim",
    "Company",
    "CompanyKind",
    "Coverage",
    "Criterion",
    "Currency",
    "Designation",
    "Dimension",
    "DistinctPair",
    "District",
    "EditConflict",
    "Event",
    "Extent",
    "Fact",
    "Flag",
    "FundingRound",
    "ImportBatch",
    "ImportedChange",
    "Indicator",
    "IndicatorKind",
    "Industry",
    "Institution",
    "InstitutionKind",
    "KeptChange",
    "KoglType",
    "LinkCheck",
    "LinkState",
    "Mark",
    "Market",
    "Merge",
    "MergeableKind",
    "MergedChange",
    "Necessity",
    "Observation",
    "Office",
    "OfficeKind",
    "Operator",
    "Page",
    "PathStep",
    "PeriodKind",
    "Portal",
    "Precision",
    "Program",
    "Proposal",
    "ProposalState",
    "Province",
    "Publication",
    "Record",
    "Redirect",
    "RedirectKind",
    "ReferenceArea",
    "Relevance",
    "Round",
    "SavedProfile",
    "Sending",
    "Series",
    "Source",
    "Stage",
    "Station",
    "Status",
    "SupportKind",
    "SuspectedPair",
    "SyncRun",
    "SyncState",
    "Technology",
    "Touch",
    "Trait",
    "TraitKind",
    "Upload",
    "UploadState",
]
