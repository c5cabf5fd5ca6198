"""The eighteen published disputes, told again in our own words and with their labels as published."""

from typing import Final

from mediation.demo.stories import (
    b2_02,
    b2_05,
    b2_07,
    b2_09,
    b4_01,
    bj_fangshan,
    bja_ma,
    dj_fan,
    fh_xikou,
    ld_5,
    nb_beilun,
    nn_lq,
    py_taiqian,
    qj_17,
    sx_shangyu,
    sx_yuecheng,
    xt_3,
    zh_zhenhai,
)
from mediation.demo.stories.story import Story

STORIES: Final[tuple[Story, ...]] = tuple(
    module.STORY
    for module in (
        b2_02,
        b2_05,
        b2_07,
        b2_09,
        b4_01,
        bj_fangshan,
        bja_ma,
        dj_fan,
        fh_xikou,
        ld_5,
        nb_beilun,
        nn_lq,
        py_taiqian,
        qj_17,
        sx_shangyu,
        sx_yuecheng,
        xt_3,
        zh_zhenhai,
    )
)
