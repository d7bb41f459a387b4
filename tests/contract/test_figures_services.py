"""StatLine and RIVM over real HTTP: columns by name, padded codes, secrets kept apart from failures."""

import json

import pandas as pd
import pytest
from fault_server import FaultServer, Reply
from statline_standin import KEY_FIGURES, StatlineStandIn, health, key_figures

from meetingplaces.model.errors import FormatError, SchemaError
from meetingplaces.model.source_errors import SourceAnswerError, SourceBusyError
from meetingplaces.sources.rivm import fetch_health, read_health
from meetingplaces.sources.statline import fetch_statline, read_statline

TOWN = {"AantalInwoners": 56_180, "k_65JaarOfOuder": 10_000, "HuishoudensTotaal": 23_000}


@pytest.fixture
def statline():
    with FaultServer() as server:
        yield StatlineStandIn(server)


def fetched(statline, folder, year=2024, code="GM0166"):
    return fetch_statline(year, code, folder, statline.server.door(), statline.endpoints["statline"])


def row(figures, code, indicator):
    table = figures.observations
    (found,) = table[(table["area_code"] == code) & (table["indicator"] == indicator)].to_dict("records")
    return found


def test_the_town_its_districts_and_neighbourhoods_come_in_one_question(statline, tmp_path):
    codes = ["BU01660000", "WK016600", "GM0166", "NL00", "BU03080000"]
    statline.serve_year(2024, *[key_figures(code, **TOWN) for code in codes])
    snapshot = fetched(statline, tmp_path)
    first, second = (read_statline(snapshot, 2024) for _ in range(2))
    assert set(first.observations["area_code"]) == {"BU01660000", "WK016600", "GM0166", "NL00"}
    pd.testing.assert_frame_equal(first.observations, second.observations)
    assert len(statline.server.log) == 2
    assert snapshot.origin.attribution == "Bron: CBS StatLine, 2024NED"


def test_a_share_is_made_of_the_counts_of_the_same_row_with_the_interval_of_their_rounding(statline, tmp_path):
    statline.serve_year(2024, key_figures("BU16800000", AantalInwoners=3455, k_65JaarOfOuder=975))
    found = row(
        read_statline(fetched(statline, tmp_path, code="GM1680"), 2024), "BU16800000", "residents_65_plus_share"
    )
    assert found["value"] == pytest.approx(975 / 3455)
    assert found["low"] == pytest.approx(971 / 3459)
    assert found["high"] == pytest.approx(979 / 3451)


def test_the_recorded_row_of_aa_en_hunze_is_read(statline, tmp_path, shared_data):
    sample = shared_data.parent / "contracts/samples/cbs-statline/v3-TypedDataSet-85984NED-row.partial.json"
    recorded = json.loads(sample.read_bytes())
    statline.serve_year(2024, {**recorded, "WijkenEnBuurten": f"{recorded['WijkenEnBuurten']:<10}"})
    figures = read_statline(fetched(statline, tmp_path, code="GM1680"), 2024)
    assert row(figures, "BU16800000", "residents_count")["value"] == 3455
    assert row(figures, "BU16800000", "households_count")["value"] == 1525
    assert row(figures, "BU16800000", "residents_65_plus_share")["value"] == pytest.approx(0.2822, abs=1e-4)
    assert row(figures, "BU16800000", "residents_0_14_share")["value"] == pytest.approx(480 / 3455)
    assert row(figures, "BU16800000", "residents_15_24_share")["value"] == pytest.approx(345 / 3455)
    assert "one_person_households_share" not in set(figures.observations["indicator"])


def test_income_is_in_whole_euros_though_the_table_is_in_thousands(statline, tmp_path):
    statline.serve_year(2024, key_figures("GM0166", **TOWN, GemiddeldInkomenPerInwoner=31.4))
    found = row(read_statline(fetched(statline, tmp_path), 2024), "GM0166", "income_per_resident")
    assert (found["value"], found["low"], found["high"]) == pytest.approx((31_400, 31_350, 31_450))


def test_a_column_without_one_figure_is_not_published_and_a_gap_is_a_secret(statline, tmp_path):
    full = key_figures("GM0166", **TOWN, Eenpersoonshuishoudens=8000)
    statline.serve_year(2024, full, key_figures("BU01660000", AantalInwoners=40, k_65JaarOfOuder=None))
    figures = read_statline(fetched(statline, tmp_path), 2024)
    assert row(figures, "BU01660000", "residents_65_plus_share")["status"] == "suppressed"
    assert row(figures, "GM0166", "income_per_resident")["status"] == "unpublished"
    assert pd.isna(row(figures, "BU01660000", "residents_65_plus_share")["value"])


def test_nobody_living_somewhere_is_a_real_zero_without_shares(statline, tmp_path):
    empty = key_figures("BU01660000", AantalInwoners=0, k_65JaarOfOuder=0)
    statline.serve_year(2024, key_figures("GM0166", **TOWN), empty)
    figures = read_statline(fetched(statline, tmp_path), 2024)
    assert row(figures, "BU01660000", "residents_count")["value"] == 0
    assert pd.isna(row(figures, "BU01660000", "residents_65_plus_share")["value"])


def test_the_number_behind_a_column_may_be_another_each_year(statline, tmp_path):
    renamed = {("AantalInwoners_99" if key == "AantalInwoners_5" else key): value
               for key, value in key_figures("GM0166", **TOWN).items()}  # fmt: skip
    statline.serve_year(2024, renamed)
    assert row(read_statline(fetched(statline, tmp_path), 2024), "GM0166", "residents_count")["value"] == 56_180


def test_two_columns_of_one_name_are_refused_loudly(statline, tmp_path):
    statline.serve_year(2024, key_figures("GM0166", **TOWN) | {"AantalInwoners_200": 1})
    with pytest.raises(SchemaError, match="AantalInwoners_200, AantalInwoners_5"):
        fetched(statline, tmp_path)
    assert not list(tmp_path.glob("*.zip"))


def test_a_table_without_residents_is_refused_loudly(statline, tmp_path):
    statline.years[2024] = "2024NED"
    columns = tuple(name for name in KEY_FIGURES if "Inwoners" not in name)
    statline.serve("2024NED", [key_figures("GM0166", **TOWN)], columns)
    with pytest.raises(SchemaError, match="AantalInwoners"):
        fetched(statline, tmp_path)


def test_the_older_idea_of_origin_is_not_taken_for_the_new_one(statline, tmp_path):
    old = key_figures("GM0166", **TOWN) | {"WestersTotaal_17": 300, "NietWestersTotaal_18": 500}
    for name in ("Nederland_17", "EuropaExclusiefNederland_18", "BuitenEuropa_19"):
        del old[name]
    statline.serve_year(2022, old)
    figures = read_statline(fetched(statline, tmp_path, 2022), 2022)
    assert not set(figures.observations["indicator"]) & {"origin_netherlands_share", "origin_outside_europe_share"}


def test_an_empty_list_is_a_failure_and_not_a_town_of_secrets(statline, tmp_path):
    statline.serve_year(2024, key_figures("GM0308", **TOWN))
    with pytest.raises(SourceAnswerError, match="empty list"):
        fetched(statline, tmp_path)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(500, b'{"odata.error": "query returns more than 10000 records"}'), SourceBusyError),
        (Reply(body=b'{"odata.error": {"code": ""}}'), SourceAnswerError),
        (Reply(body=b"[]"), SourceAnswerError),
    ],
)
def test_a_service_that_fails_leaves_what_was_fetched_before(reply, error, statline, tmp_path):
    statline.serve_year(2024, key_figures("GM0166", **TOWN))
    good = fetched(statline, tmp_path).path.read_bytes()
    statline.server.on("/odata/2024NED/TypedDataSet", reply)
    with pytest.raises(error):
        fetched(statline, tmp_path)
    assert (tmp_path / "statline-2024-GM0166.zip").read_bytes() == good


def test_a_snapshot_that_is_something_else_is_told(statline, tmp_path):
    statline.serve_year(2024, key_figures("GM0166", **TOWN))
    snapshot = fetched(statline, tmp_path)
    snapshot.path.write_bytes(b"{}")
    with pytest.raises(FormatError):
        read_statline(snapshot, 2024)


# --- RIVM -------------------------------------------------------------------------------------------------------------


def lonely(statline, folder, *rows, code="GM0228"):
    statline.serve("50150NED", [row for several in rows for row in several])
    settings = statline.endpoints["health"]
    return read_health(fetch_health(code, folder, statline.server.door(), settings), settings.areas_year)


def test_an_estimate_comes_with_its_interval_and_the_edition_of_its_areas(statline, tmp_path):
    figures = lonely(statline, tmp_path, health("BU02280301", 2022, "80200", Eenzaam=(53.3, 45.1, 61.2)))
    found = row(figures, "BU02280301", "lonely_65_plus_share")
    assert (found["value"], found["low"], found["high"]) == pytest.approx((0.533, 0.451, 0.612))
    assert (found["year"], found["boundary_year"], found["status"]) == (2022, 2024, "known")


def test_the_real_loneliness_of_veldhuizen_is_read(statline, tmp_path, shared_data):
    sample = shared_data.parent / "contracts/samples/rivm/gezondheid-2022-veldhuizen-ede.renamed-columns.json"
    recorded = json.loads(sample.read_bytes())
    rows = [
        health(each["health_WijkenEnBuurten"].strip(), 2022, each["health_Leeftijd"],
               Eenzaam=(each["health_lonely"], 0.0, 100.0),
               SterkEenzaam=(each["health_severe_very_severe_loneliness"], 0.0, 100.0))
        for each in recorded if each["health_lonely"] is not None
    ]  # fmt: skip
    figures = lonely(statline, tmp_path, *rows)
    assert row(figures, "BU02280301", "lonely_65_plus_share")["value"] == pytest.approx(0.533)
    assert row(figures, "BU02280301", "strongly_lonely_65_plus_share")["value"] == pytest.approx(0.134)


def test_the_ages_and_periods_are_kept_apart(statline, tmp_path):
    figures = lonely(
        statline,
        tmp_path,
        health("BU02280301", 2024, "20300", Eenzaam=(40.0, 35.0, 45.0)),
        health("BU02280301", 2022, "20300", Eenzaam=(38.0, 33.0, 43.0)),
        health("BU02280301", 2024, "80200", Eenzaam=(50.0, 45.0, 55.0)),
    )
    table = figures.observations.set_index(["indicator", "year"])["value"]
    assert table["lonely_share", 2024] == pytest.approx(0.40)
    assert table["lonely_share", 2022] == pytest.approx(0.38)
    assert table["lonely_65_plus_share", 2024] == pytest.approx(0.50)


def test_an_estimate_that_is_withheld_is_a_secret_where_others_are_known(statline, tmp_path):
    figures = lonely(
        statline, tmp_path, health("BU02280301", Eenzaam=None), health("GM0228", Eenzaam=(45.0, 44.0, 46.0))
    )
    assert row(figures, "BU02280301", "lonely_share")["status"] == "suppressed"
    assert row(figures, "GM0228", "strongly_lonely_share")["status"] == "unpublished"


def test_the_older_name_of_strong_loneliness_is_known(statline, tmp_path):
    rows = health("GM0228", Eenzaam=(45.0, 44.0, 46.0), SterkEenzaam=(12.0, 11.0, 13.0))
    older = [
        {("ErnstigZeerErnstigEenzaam_28" if key == "SterkEenzaam_26" else key): value for key, value in each.items()}
        for each in rows
    ]
    assert row(lonely(statline, tmp_path, older), "GM0228", "strongly_lonely_share")["value"] == pytest.approx(0.12)
