"""Imports a module that is not installed here."""

import answers_of_last_year
