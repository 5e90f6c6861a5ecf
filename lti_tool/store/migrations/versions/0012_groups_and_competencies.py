"""groups of courses, competencies rated in Moodle

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('course', sa.Column('group_mode', sa.Integer(), nullable=True))
    op.create_table('course_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('moodle_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=254), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_course_group_course_id'),
    sa.PrimaryKeyConstraint('id', name='pk_course_group'),
    sa.UniqueConstraint('course_id', 'moodle_id', name='uq_course_group_course_id_moodle_id')
    )
    op.create_table('group_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('seen_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_group_member_account_id'),
    sa.ForeignKeyConstraint(['group_id'], ['course_group.id'], name='fk_group_member_group_id'),
    sa.PrimaryKeyConstraint('id', name='pk_group_member')
    )
    op.create_index('ix_group_member_account_id_group_id', 'group_member', ['account_id', 'group_id'])
    op.create_index('uq_group_member_current', 'group_member', ['group_id', 'account_id'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
    op.create_table('competency',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('moodle_id', sa.Integer(), nullable=False),
    sa.Column('idnumber', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name='fk_competency_site_id'),
    sa.PrimaryKeyConstraint('id', name='pk_competency'),
    sa.UniqueConstraint('site_id', 'moodle_id', name='uq_competency_site_id_moodle_id')
    )
    op.create_table('course_competency',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name='fk_course_competency_competency_id'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_course_competency_course_id'),
    sa.PrimaryKeyConstraint('course_id', 'competency_id', name='pk_course_competency')
    )
    op.create_table('rating_snapshot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(length=255), nullable=False),
    sa.Column('proficient', sa.Boolean(), nullable=True),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rated_by', sa.Integer(), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_rating_snapshot_account_id'),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name='fk_rating_snapshot_competency_id'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_rating_snapshot_course_id'),
    sa.PrimaryKeyConstraint('id', name='pk_rating_snapshot')
    )
    op.create_index('ix_rating_snapshot_account_id_course_id_competency_id_id', 'rating_snapshot', ['account_id', 'course_id', 'competency_id', 'id'])
    op.create_index('ix_rating_snapshot_course_id', 'rating_snapshot', ['course_id'])
    op.create_table('current_rating',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('snapshot_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_current_rating_account_id'),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name='fk_current_rating_competency_id'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_current_rating_course_id'),
    sa.ForeignKeyConstraint(['snapshot_id'], ['rating_snapshot.id'], name='fk_current_rating_snapshot_id'),
    sa.PrimaryKeyConstraint('course_id', 'competency_id', 'account_id', name='pk_current_rating')
    )


def downgrade() -> None:
    for table in ('current_rating', 'rating_snapshot', 'course_competency', 'competency', 'group_member', 'course_group'):
        op.drop_table(table)
    op.drop_column('course', 'group_mode')
