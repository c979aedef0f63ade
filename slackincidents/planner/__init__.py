"""The simulation: a skeleton, people and a seed become the course of an incident."""

from slackincidents.planner.simulate import plan_incident

__all__ = ["plan_incident"]
