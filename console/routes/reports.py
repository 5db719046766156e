"""Reports of counts: one page a month or year that is over, the same for everybody, and the same as files (O4)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.context import Visit
from console.guards import Guard, RouteRow


async def show_reports(visit: Visit) -> Response:
    """Which months and years there are."""
    periods = visit.console.reports.list_periods(visit.language)
    return visit.console.pages.respond("reports.html", visit.language, visit=visit, periods=periods)


async def show_report(visit: Visit) -> Response:
    """One report. Raises HTTPException 404 for a period that is no whole month or year, or not over."""
    period = visit.request.path_params["period"]
    try:
        report = await visit.console.reports.read(period, visit.language)
    except ValueError:
        raise HTTPException(404) from None
    return visit.console.pages.respond("report.html", visit.language, visit=visit, report=report)


async def download_report(visit: Visit) -> Response:
    """One report as a file. Raises HTTPException 404 as the page does, and for a kind that is none."""
    period, kind = visit.request.path_params["period"], visit.request.path_params["kind"]
    try:
        body, media_type = await visit.console.reports.write(period, visit.language, kind)
    except ValueError:
        raise HTTPException(404) from None
    name = f'attachment; filename="report-{period}.{kind}"'
    return Response(body, media_type=media_type, headers={"content-disposition": name})


ROWS: tuple[RouteRow, ...] = (
    ("/reports", show_reports, ("GET",), Guard("see_reports")),
    ("/reports/{period}", show_report, ("GET",), Guard("see_reports")),
    ("/reports/{period}/{kind}", download_report, ("GET",), Guard("see_reports")),
)
