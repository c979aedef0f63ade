"""The same incident again: in other words, in another course, or one part of it alone."""

from slackincidents.regeneration.order import VARIES, Order, Vary
from slackincidents.regeneration.work import Author, Work

__all__ = ["VARIES", "Author", "Order", "Vary", "Work"]
