"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration

OF_EVALUATION: tuple[FigureDeclaration, ...] = ()
