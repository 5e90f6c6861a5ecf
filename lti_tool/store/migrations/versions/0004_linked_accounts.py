"""what one visit holds, linked accounts whose awards collide

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('browser_session', sa.Column('visit', sa.String(length=32), server_default='', nullable=False))
    op.execute('UPDATE browser_session SET visit = substr(token_hash, 1, 32)')
    op.create_index('ix_browser_session_visit', 'browser_session', ['visit'])
    op.add_column('link_code', sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('award', sa.Column('replaced_by_id', sa.Integer(), nullable=True))
    op.add_column('anchoring_case', sa.Column('stopped_on', sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column('anchoring_case', 'stopped_on')
    op.drop_column('award', 'replaced_by_id')
    op.drop_column('link_code', 'accepted_at')
    op.drop_index('ix_browser_session_visit', 'browser_session')
    op.drop_column('browser_session', 'visit')
