"""Background work of the certificates."""

from __future__ import annotations

from lti_tool.credentials.errors import StoredFileDamaged
from lti_tool.credentials.service import RENDER, certificate_pdf
from lti_tool.jobs import JobContext, JobError, task


@task(RENDER)
def render(context: JobContext, certificate_id: int) -> dict[str, object]:
    """Render and store one certificate; a stored one is left as it is."""
    # Here rather than at the top: the web process registers this task and never runs it.
    from lti_tool.documents import InvalidDocumentContent, IssuerIdentityError, RenderFailed

    with context.sessions() as session:
        try:
            pdf = certificate_pdf(session, certificate_id, context.settings)
        except (InvalidDocumentContent, IssuerIdentityError) as error:
            # Without the error's own detail, which may hold letters of the name.
            raise JobError(error.code, "the page cannot be composed") from error
        except StoredFileDamaged as error:
            raise JobError(error.code, error.detail) from error
        except RenderFailed as error:
            raise JobError(error.code, "the page could not be rendered", retryable=True) from error
    return {"bytes": len(pdf)}
