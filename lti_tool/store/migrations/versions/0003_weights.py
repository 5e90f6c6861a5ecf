"""weights of the columns that the tool publishes

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('grade_snapshot', sa.Column('counts', sa.Boolean(), nullable=True))
    op.add_column('line_item', sa.Column('weight', sa.String(length=12), nullable=False, server_default='not_read'))
    op.add_column('line_item', sa.Column('weighed_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('line_item', 'weighed_at')
    op.drop_column('line_item', 'weight')
    op.drop_column('grade_snapshot', 'counts')
