"""The hot seat: a pager that escalates, schedules that say who carries it."""
