"""Custom reports (report builder, Moodle 4.1 and later)."""

from collections.abc import Iterator

from moodle_client.calls.base import Calls
from moodle_client.functions import Function
from moodle_client.models.reports import Report, ReportPage, ReportRow


class ReportCalls(Calls):
    """Reports made by an administrator and shared with the service account."""

    def list_reports(self) -> list[Report]:
        """List the reports that the account may see.

        :calls: core_reportbuilder_list_reports
        """
        answer = self._record(Function.REPORTS, {})
        return [Report.read(item) for item in answer.children("reports")]

    def retrieve_report(self, report_id: int, page: int = 0, per_page: int = 500) -> ReportPage:
        """Read one page of a report; a page past the end has no rows.

        Costs Moodle about 0.2 s a call and 0.2 ms a row.

        Raises:
            NotFound: no such report.
            MissingCapability: the report is not shared with the account.

        :calls: core_reportbuilder_retrieve_report
        """
        parameters = {"reportid": report_id, "page": page, "perpage": per_page}
        return ReportPage.read(self._record(Function.RETRIEVE_REPORT, parameters))

    def iterate_report(self, report_id: int, per_page: int = 2500) -> Iterator[ReportRow]:
        """Give every row of a report, page after page.

        :calls: core_reportbuilder_retrieve_report
        """
        page = 0
        while True:
            answer = self.retrieve_report(report_id, page, per_page)
            yield from answer.rows
            page += 1
            if not answer.rows or page * per_page >= answer.total_rows:
                return
