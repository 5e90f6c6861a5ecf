"""the report tells whether an enrolment is suspended, over or to come

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('watched_enrolment', sa.Column('kind', sa.String(length=10), server_default='', nullable=False))
    op.execute("UPDATE unreadable SET reason = 'enrolment_inactive' WHERE reason = 'enrolment_suspended'")


def downgrade() -> None:
    op.execute(
        "UPDATE unreadable SET reason = 'enrolment_suspended'"
        " WHERE reason IN ('enrolment_inactive', 'enrolment_expired', 'enrolment_future')"
    )
    op.execute("UPDATE enrolment SET state = 'inactive' WHERE state IN ('suspended', 'expired', 'future')")
    op.drop_column('watched_enrolment', 'kind')
