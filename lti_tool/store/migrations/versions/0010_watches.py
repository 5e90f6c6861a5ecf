"""the watch of each site's report

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('site_watch',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('report_name', sa.String(length=255), nullable=False),
    sa.Column('layout', sa.JSON(), nullable=False),
    sa.Column('decimal_sign', sa.String(length=1), nullable=False),
    sa.Column('conditions', sa.String(length=4000), nullable=False),
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('pages', sa.JSON(), nullable=False),
    sa.Column('pages_of', sa.String(length=64), nullable=False),
    sa.Column('quiet', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('per_page', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error_code', sa.String(length=40), nullable=False),
    sa.Column('shrunk_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reset_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signals_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('night', sa.Date(), nullable=True),
    sa.Column('night_seconds', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name='fk_site_watch_site_id'),
    sa.PrimaryKeyConstraint('site_id', name='pk_site_watch')
    )
    op.create_table('watched_enrolment',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('course', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.BigInteger(), nullable=False),
    sa.Column('grade', sa.BigInteger(), nullable=False),
    sa.Column('completion', sa.BigInteger(), nullable=False),
    sa.Column('membership', sa.BigInteger(), nullable=False),
    sa.Column('access', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name='fk_watched_enrolment_site_id'),
    sa.PrimaryKeyConstraint('site_id', 'course', 'subject', name='pk_watched_enrolment')
    )


def downgrade() -> None:
    op.drop_table('watched_enrolment')
    op.drop_table('site_watch')
