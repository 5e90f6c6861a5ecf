"""grades that changed after an issue: reviews, and what happened

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

WHEN_OPEN = sa.text('closed_at IS NULL')


def upgrade() -> None:
    op.create_table('drift_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_until', sa.Date(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=True),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_drift_review_award_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_drift_review_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drift_review')),
    sa.UniqueConstraint('public_id', name=op.f('uq_drift_review_public_id'))
    )
    op.create_index('ix_drift_review_award_id', 'drift_review', ['award_id'])
    op.create_index('ix_drift_review_course_id_closed_at', 'drift_review', ['course_id', 'closed_at'])
    op.create_index('uq_drift_review_open', 'drift_review', ['award_id'], unique=True, sqlite_where=WHEN_OPEN, postgresql_where=WHEN_OPEN)
    op.create_table('drift_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_role', sa.String(length=12), nullable=False),
    sa.Column('ground', sa.String(length=24), nullable=True),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_drift_entry_actor_id')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_drift_entry_award_id')),
    sa.ForeignKeyConstraint(['review_id'], ['drift_review.id'], name=op.f('fk_drift_entry_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drift_entry'))
    )
    op.create_index('ix_drift_entry_award_id', 'drift_entry', ['award_id'])
    op.create_index('ix_drift_entry_review_id', 'drift_entry', ['review_id'])


def downgrade() -> None:
    op.drop_table('drift_entry')
    op.drop_table('drift_review')
