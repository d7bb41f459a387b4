"""Which figure an area gets: from the newest year, borrowed where secret, unknown where the area has changed."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.model.errors import SchemaError
from meetingplaces.model.figures import INDICATORS, OBSERVATION_COLUMNS, check_figures, observed
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.figures import figures, with_figures
from meetingplaces.pipeline.residents import with_residents
from meetingplaces.sources import cbs_numbers
from meetingplaces.sources.cbs_areas import read_areas
from meetingplaces.sources.cbs_figures import SourceFigures, read_figures

BUURT, OTHER, WIJK, TOWN = "BU01660001", "BU01660002", "WK016600", "GM0166"


def areas(year=2024):
    rows = pd.DataFrame({"neighbourhood_code": [BUURT, OTHER], "district_code": WIJK, "municipality_code": TOWN})
    figure = pd.array([pd.NA, pd.NA], "Float64")
    return gpd.GeoDataFrame(rows.assign(
        boundary_year=pd.array([year, year], "Int64"), residents_count=pd.array([pd.NA, pd.NA], "Int64"),
        households_count=pd.array([pd.NA, pd.NA], "Int64"),
        **{made.share: figure for made in GROUPS.values() if made.share},
    ))  # fmt: skip


def told(indicator, year=2024, source="a", boundary_year=None, **values):
    """What a source says of one indicator; a value may be a number, "suppressed" or "unpublished"."""
    codes = {"buurt": BUURT, "other": OTHER, "wijk": WIJK, "town": TOWN}
    status = [value if isinstance(value, str) else "known" for value in values.values()]
    numbers = pd.Series([pd.NA if isinstance(value, str) else value for value in values.values()], dtype="Float64")
    table = pd.DataFrame({"value": numbers, "low": numbers, "high": numbers, "status": status})
    names = pd.Series([codes[name] for name in values])
    facts = {"year": year, "boundary_year": boundary_year or year, "source_id": source}
    return observed(names, indicator, table, **facts)


def source(*tables, unchanged=()):
    flags = pd.DataFrame(unchanged, columns=["area_code", "year", "unchanged"])
    return SourceFigures(pd.concat(tables, ignore_index=True), flags)


def found(table, code, indicator="residents_65_plus_share"):
    (row,) = table[(table["area_code"] == code) & (table["indicator"] == indicator)].to_dict("records")
    return row


def test_a_figure_of_the_area_itself_is_known_and_says_so():
    table = figures(areas(), [source(told("residents_65_plus_share", buurt=0.2))])
    row = found(table, BUURT)
    assert (row["value"], row["level_code"], row["status"], row["year"]) == (0.2, BUURT, "known", 2024)


def test_each_indicator_comes_from_the_newest_year_that_has_it_and_says_which():
    newest = source(
        told("residents_65_plus_share", 2025, buurt=0.3), told("income_per_resident", 2025, buurt="unpublished")
    )
    older = source(told("residents_65_plus_share", 2024, buurt=0.2), told("income_per_resident", 2024, buurt=30_000.0))
    same = source(told("residents_count", buurt=10.0), unchanged=[(BUURT, 2025, True)])
    table = figures(areas(), [newest, older, same])
    assert found(table, BUURT)["year"] == 2025
    assert found(table, BUURT, "income_per_resident")["year"] == 2024


def test_a_secret_is_borrowed_from_the_district_then_the_town_and_says_from_where():
    one = source(told("residents_65_plus_share", buurt="suppressed", wijk=0.22, town=0.25))
    row = found(figures(areas(), [one]), BUURT)
    assert (row["value"], row["level_code"], row["status"]) == (0.22, WIJK, "suppressed")
    two = source(told("residents_65_plus_share", buurt="suppressed", wijk="suppressed", town=0.25))
    row = found(figures(areas(), [two]), BUURT)
    assert (row["value"], row["level_code"], row["status"]) == (0.25, TOWN, "suppressed")


def test_the_cascade_is_per_indicator():
    table = figures(areas(), [source(
        told("residents_65_plus_share", buurt="suppressed", wijk=0.2),
        told("one_person_households_share", buurt=0.4, wijk=0.5),
    )])  # fmt: skip
    assert found(table, BUURT)["level_code"] == WIJK
    assert found(table, BUURT, "one_person_households_share")["level_code"] == BUURT


def test_a_number_of_people_is_never_borrowed_from_a_larger_area():
    table = figures(areas(), [source(told("residents_count", buurt="suppressed", wijk=8000.0))])
    row = found(table, BUURT, "residents_count")
    assert pd.isna(row["value"])
    assert pd.isna(row["level_code"])
    assert row["status"] == "suppressed"


def test_a_figure_of_another_edition_is_used_for_an_area_that_did_not_change():
    same = [(BUURT, 2024, True), (BUURT, 2025, True)]
    table = figures(areas(2025), [source(told("residents_65_plus_share", 2023, buurt=0.2), unchanged=same)])
    assert found(table, BUURT)["value"] == 0.2


@pytest.mark.parametrize(
    "flags",
    [
        [],
        [(BUURT, 2025, True)],
        [(BUURT, 2024, True), (BUURT, 2025, False)],
        [(BUURT, 2024, False), (BUURT, 2025, True)],
    ],
)
def test_it_is_unknown_where_the_area_changed_or_nobody_says_that_it_did_not(flags):
    table = figures(areas(2025), [source(told("residents_65_plus_share", 2023, buurt=0.2, wijk=0.3), unchanged=flags)])
    row = found(table, BUURT)
    assert pd.isna(row["value"])
    assert row["status"] == "boundary_changed"


def test_two_sources_that_disagree_on_a_change_make_it_one():
    first = source(told("residents_65_plus_share", 2024, buurt=0.2), unchanged=[(BUURT, 2025, True)])
    second = source(told("residents_count", 2024, buurt=9.0), unchanged=[(BUURT, 2025, False)])
    assert found(figures(areas(2025), [first, second]), BUURT)["status"] == "boundary_changed"


def test_estimates_use_the_edition_of_their_areas_whichever_year_they_are_about():
    table = figures(areas(2024), [source(told("lonely_share", 2022, boundary_year=2024, buurt=0.45))])
    assert found(table, BUURT, "lonely_share")["value"] == 0.45


def test_loneliness_of_fewer_than_200_people_is_not_shown_but_that_of_the_district_is():
    table = figures(areas(), [source(
        told("residents_count", buurt=150.0, other=200.0), told("lonely_share", buurt=0.6, other=0.5, wijk=0.4),
    )])  # fmt: skip
    row = found(table, BUURT, "lonely_share")
    assert (row["value"], row["level_code"], row["status"]) == (0.4, WIJK, "suppressed")
    assert found(table, OTHER, "lonely_share")["value"] == 0.5


def test_a_failed_source_is_not_a_secret():
    nothing = source(told("residents_count", buurt=900.0))
    table = figures(areas(), [nothing], {"rivm": ["lonely_share"]})
    assert set(table.loc[table["indicator"] == "lonely_share", "status"]) == {"failed"}
    assert "volunteers_share" not in set(table["indicator"])


def test_a_failed_source_does_not_hide_what_another_has():
    table = figures(areas(), [source(told("lonely_share", buurt=0.4))], {"rivm": ["lonely_share"]})
    assert found(table, BUURT, "lonely_share")["status"] == "known"


def test_of_two_sources_of_one_year_the_first_wins_and_the_second_fills_its_gaps():
    first = source(told("residents_65_plus_share", source="a", buurt=0.2, other="unpublished"))
    second = source(told("residents_65_plus_share", source="b", buurt=0.3, other=0.4, wijk=0.5))
    table = figures(areas(), [first, second])
    assert (found(table, BUURT)["source_id"], found(table, OTHER)["source_id"]) == ("a", "b")


def test_areas_of_another_town_are_left_out():
    table = figures(areas(), [source(told("residents_count", buurt=1.0))])
    assert set(table["area_code"]) == {BUURT, OTHER, WIJK, TOWN}


def test_no_sources_give_an_empty_table_with_all_columns():
    empty = SourceFigures(
        pd.DataFrame(columns=list(OBSERVATION_COLUMNS)), pd.DataFrame(columns=["area_code", "year", "unchanged"])
    )
    assert check_figures(figures(areas(), [empty]), "x").empty


def test_the_neighbourhoods_get_figures_of_their_own_only():
    table = figures(areas(), [source(told("residents_65_plus_share", buurt=0.2, other="suppressed", wijk=0.3))])
    filled = with_figures(areas(), table)
    assert filled["residents_65_plus_share"].tolist()[0] == 0.2
    assert pd.isna(filled["residents_65_plus_share"].iloc[1])


def test_a_figure_of_the_file_of_areas_is_not_replaced():
    own = areas().assign(residents_65_plus_share=pd.array([0.1, pd.NA], "Float64"))
    table = figures(own, [source(told("residents_65_plus_share", buurt=0.2, other=0.3))])
    assert with_figures(own, table)["residents_65_plus_share"].tolist() == [0.1, 0.3]


def test_a_table_with_a_value_that_has_no_level_is_refused():
    table = figures(areas(), [source(told("residents_count", buurt=5.0))])
    with pytest.raises(SchemaError, match="a value has its level"):
        check_figures(table.assign(level_code=pd.Series([None] * len(table), dtype="str")), "x")


# --- rounding ---------------------------------------------------------------------------------------------------------


def published(number: int, *, up: bool) -> int:
    """A count as CBS gives it: a multiple of 5 below or above, by lot; itself when it is one."""
    return 5 * (-(-number // 5) if up else number // 5)


def column(number: float) -> pd.Series:
    return pd.Series([number], dtype="Float64")


def holds(row: pd.Series, true: float) -> bool:
    return row["low"] - 1e-9 <= true <= row["high"] + 1e-9 and row["low"] <= row["value"] <= row["high"]


@given(number=st.integers(0, 5000), up=st.booleans())
def test_the_true_number_lies_within_the_interval_of_the_one_that_cbs_drew(number, up):
    shown = column(published(number, up=up))
    assert holds(cbs_numbers.counts(shown, shown).iloc[0], number)


@given(part=st.integers(0, 5000), rest=st.integers(0, 5000), ups=st.tuples(st.booleans(), st.booleans()))
def test_the_true_share_lies_within_the_interval_of_its_rounded_counts(part, rest, ups):
    whole = part + rest
    shown = [column(published(number, up=up)) for number, up in zip((part, whole), ups, strict=True)]
    row = cbs_numbers.shares(*shown, shown[0]).iloc[0]
    assert row["status"] == ("known" if shown[1][0] else "unpublished")
    if row["status"] == "known":
        assert holds(row, part / max(whole, 1))


@given(clients=st.integers(0, 900), others=st.integers(1, 9000), ups=st.tuples(st.booleans(), st.booleans()))
def test_clients_per_1000_allow_for_the_rounding_before_the_division(clients, others, ups):
    residents = clients + others
    rounded_clients, rounded_residents = (
        published(number, up=up) for number, up in zip((clients, residents), ups, strict=True)
    )
    if rounded_residents:
        shown = column(min(round(1000 * rounded_clients / rounded_residents), 1000))
        row = cbs_numbers.per_1000(shown, column(rounded_residents), shown).iloc[0]
        assert holds(row, 1000 * clients / residents)


def test_clients_per_1000_of_an_unknown_number_of_residents_have_no_interval():
    row = cbs_numbers.per_1000(column(31), column(float("nan")), column(31)).iloc[0]
    assert (row["value"], row["status"]) == (31, "known")
    assert row[["low", "high"]].isna().all()


@given(part=st.integers(0, 3000), rest=st.integers(0, 3000), ups=st.tuples(st.booleans(), st.booleans()))
def test_people_of_a_group_lie_within_their_bounds_however_the_share_was_made(part, rest, ups):
    whole = part + rest
    shown = [published(number, up=up) for number, up in zip((part, whole), ups, strict=True)]
    if not shown[1]:
        return
    for share in (round(100 * part / max(whole, 1)) / 100, min(shown[0] / shown[1], 1.0)):
        home = gpd.GeoDataFrame({"neighbourhood_code": [BUURT], "geometry": [None]})
        here = areas().assign(
            residents_count=shown[1], residents_65_plus_share=share, households_count=1, extent_share=1.0
        )
        row = with_residents(home, here)[0].iloc[0]
        for group, people in (("residents", whole), ("residents_65_plus", part)):
            assert row[f"{group}_low"] - 1e-6 <= people <= row[f"{group}_high"] + 1e-6


@given(st.lists(st.sampled_from([-99995.0, -99997.0, -99999.0, 0.0, 17.0, 100.0, 101.0]), min_size=1))
def test_a_percentage_is_a_share_or_unknown_never_a_code(written):
    raw = pd.Series(written)
    table = cbs_numbers.percentages(raw.where(raw > -99990).astype("Float64"), raw)
    assert table["value"].dropna().between(0, 1).all()
    assert (table["value"].notna() == (table["status"] == "known")).all()


# --- real files -------------------------------------------------------------------------------------------------------


def test_the_real_figures_of_baarn_are_those_of_cbs(shared_data):
    snapshot = Snapshot.of_file(shared_data / "boundaries" / "baarn_buurten_2024_kerncijfers.geojson")
    read = read_figures(snapshot, "GM0308")
    table = figures(read_areas(snapshot, "GM0308").neighbourhoods, [read])
    assert found(table, "BU03080000")["value"] == 0.26
    young = found(table, "BU03080000", "residents_15_24_share")
    assert (found(table, "BU03080000", "residents_0_14_share")["value"], young["value"]) == (0.11, 0.10)
    assert (young["low"], young["high"]) == pytest.approx((0.095, 0.105))
    assert found(table, "BU03080000", "origin_outside_europe_share")["value"] == 0.15
    assert found(table, "BU03080401", "one_person_households_share")["status"] == "suppressed"  # 5 households
    assert "income_per_resident" not in set(table["indicator"])  # -99995 everywhere: no year has it yet
    assert read.unchanged["unchanged"].all()


def test_the_real_districts_of_ede_lend_to_their_neighbourhoods(shared_data):
    folder = shared_data / "boundaries"
    districts = read_figures(Snapshot.of_file(folder / "ede_wijken_2024_kerncijfers_camelcase.geojson"), "GM0228")
    veldhuizen = Snapshot.of_file(folder / "ede_veldhuizen_buurten_2024_kerncijfers_eenzaamheid.geojson")
    neighbourhoods = read_areas(veldhuizen, "GM0228").neighbourhoods
    table = figures(neighbourhoods, [read_figures(veldhuizen, "GM0228"), districts])
    row = found(table, "BU02280301")  # the author of this file renamed its columns, so it has no figures of its own
    assert (row["value"], row["level_code"]) == (0.19, "WK022803")
    assert found(table, "WK022803", "residents_count")["value"] == 14_570
    assert pd.isna(found(table, "BU02280301", "residents_count")["value"])


def test_every_indicator_that_a_source_has_is_described():
    from meetingplaces.sources import rivm, statline  # noqa: PLC0415

    assert set(statline.INDICATORS) | set(rivm.INDICATORS) == set(INDICATORS)
