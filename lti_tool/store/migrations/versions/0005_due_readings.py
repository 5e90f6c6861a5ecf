"""what has to be read of a course

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('due_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.BigInteger(), nullable=True),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_due_reading_course_id'),
    sa.PrimaryKeyConstraint('id', name='pk_due_reading')
    )
    op.create_index('ix_due_reading_course_id_taken_subject', 'due_reading', ['course_id', 'taken', 'subject'])
    op.add_column('pull', sa.Column('everyone', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column('pull', 'everyone')
    op.drop_index('ix_due_reading_course_id_taken_subject', 'due_reading')
    op.drop_table('due_reading')
