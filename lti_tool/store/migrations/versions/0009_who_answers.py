"""when a site was last identified, why a reading failed

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('site', sa.Column('identified_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('pull', sa.Column('error_reason', sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column('pull', 'error_reason')
    op.drop_column('site', 'identified_at')
