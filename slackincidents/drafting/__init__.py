"""Drafting: from plain words to a complete skeleton, with a chat model."""

from slackincidents.drafting.draft import DraftedSkeleton, Unsettled, draft_scenario, draft_skeleton

__all__ = ["DraftedSkeleton", "Unsettled", "draft_scenario", "draft_skeleton"]
