"""an enrolment that is not in force is inactive: which kind, web services do not say

Revision: 0013, after 0012
"""

from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE enrolment SET state = 'inactive' WHERE state = 'suspended'")


def downgrade() -> None:
    op.execute("UPDATE enrolment SET state = 'suspended' WHERE state = 'inactive'")
