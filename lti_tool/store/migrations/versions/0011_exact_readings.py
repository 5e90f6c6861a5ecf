"""how fresh each learner's grades are, what a reading cost, where every value comes from

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

KEPT = (('completion_snapshot', 'UPDATE'), ('completion_snapshot', 'DELETE'))


def upgrade() -> None:
    op.create_table('learner_reading',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('covered', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_learner_reading_account_id'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_learner_reading_course_id'),
    sa.PrimaryKeyConstraint('course_id', 'account_id', name='pk_learner_reading')
    )
    op.create_index('ix_learner_reading_account_id', 'learner_reading', ['account_id'])
    op.create_table('reading_cost',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('measure', sa.String(length=8), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('measured_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name='fk_reading_cost_course_id'),
    sa.PrimaryKeyConstraint('course_id', 'measure', name='pk_reading_cost')
    )
    op.add_column('pull', sa.Column('site_url', sa.String(length=300), server_default='', nullable=False))
    op.add_column('pull', sa.Column('probe', sa.JSON(), nullable=True))
    op.add_column('pull', sa.Column('probed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('grade_snapshot', sa.Column('way', sa.String(length=8), nullable=True))
    op.add_column('grade_item', sa.Column('instance', sa.Integer(), nullable=True))
    op.add_column('grade_item', sa.Column('category_id', sa.Integer(), nullable=True))
    op.add_column('grade_item', sa.Column('category', sa.String(length=255), server_default='', nullable=False))
    op.add_column('grade_item', sa.Column('outcome_id', sa.Integer(), nullable=True))
    op.add_column('grade_item', sa.Column('locked', sa.Boolean(), nullable=True))
    op.add_column('grade_item', sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True))
    # What the dates of the present values said: who was read with everybody, which columns are gone.
    op.execute(
        'INSERT INTO learner_reading (course_id, account_id, read_at, covered) '
        'SELECT i.course_id, c.account_id, max(c.checked_at), count(u.id) = 0 '
        'FROM current_grade c JOIN grade_item i ON i.id = c.item_id '
        'LEFT JOIN unreadable u ON u.course_id = i.course_id AND u.account_id = c.account_id '
        'GROUP BY i.course_id, c.account_id'
    )
    op.execute(
        'UPDATE grade_item SET gone_at = (SELECT max(o.seen_at) FROM grade_item o '
        'WHERE o.course_id = grade_item.course_id) '
        'WHERE seen_at < (SELECT max(o.seen_at) FROM grade_item o WHERE o.course_id = grade_item.course_id)'
    )
    op.drop_column('current_grade', 'checked_at')
    for table, verb in KEPT:
        name = f'{table}_no_{verb.lower()}'
        if op.get_bind().dialect.name == 'sqlite':
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} keeps every line'); END"
            )
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} keeps every line'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def downgrade() -> None:
    for table, verb in KEPT:
        name = f'{table}_no_{verb.lower()}'
        if op.get_bind().dialect.name == 'sqlite':
            op.execute(f'DROP TRIGGER {name}')
        else:
            op.execute(f'DROP TRIGGER {name} ON {table}')
            op.execute(f'DROP FUNCTION {name}()')
    op.add_column('current_grade', sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        'UPDATE current_grade SET checked_at = coalesce('
        '(SELECT max(l.read_at) FROM learner_reading l JOIN grade_item i ON i.course_id = l.course_id '
        'WHERE l.account_id = current_grade.account_id AND i.id = current_grade.item_id), '
        '(SELECT s.read_at FROM grade_snapshot s WHERE s.id = current_grade.snapshot_id))'
    )
    with op.batch_alter_table('current_grade') as batch_op:
        batch_op.alter_column('checked_at', existing_type=sa.DateTime(timezone=True), nullable=False)
    for column in ('gone_at', 'locked', 'outcome_id', 'category', 'category_id', 'instance'):
        op.drop_column('grade_item', column)
    op.drop_column('grade_snapshot', 'way')
    for column in ('probed_at', 'probe', 'site_url'):
        op.drop_column('pull', column)
    op.drop_table('reading_cost')
    op.drop_index('ix_learner_reading_account_id', 'learner_reading')
    op.drop_table('learner_reading')
