"""urgency, cancellation and attempts of jobs, their workers, leases

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('job', sa.Column('priority', sa.Integer(), server_default='30', nullable=False))
    op.add_column('job', sa.Column('cancel_asked_at', sa.DateTime(timezone=True), nullable=True))
    op.drop_index('ix_job_state_run_at', 'job')
    op.create_index('ix_job_state_priority_run_at_id', 'job', ['state', 'priority', 'run_at', 'id'])
    op.create_index('ix_job_state_lease_until', 'job', ['state', 'lease_until'])
    op.create_table(
        'job_attempt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('job_id', sa.Integer(), nullable=False),
        sa.Column('token', sa.String(length=60), nullable=False),
        sa.Column('worker', sa.String(length=120), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('outcome', sa.String(length=12), nullable=True),
        sa.Column('error_code', sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(['job_id'], ['job.id'], name='fk_job_attempt_job_id'),
        sa.PrimaryKeyConstraint('id', name='pk_job_attempt'),
    )
    op.create_index('ix_job_attempt_job_id', 'job_attempt', ['job_id'])
    op.create_table(
        'job_worker',
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('threads', sa.Integer(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_job_worker'),
    )
    op.create_table(
        'lease',
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('slot', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('holder', sa.String(length=120), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name', 'slot', name='pk_lease'),
    )


def downgrade() -> None:
    op.drop_table('lease')
    op.drop_table('job_worker')
    op.drop_table('job_attempt')
    op.drop_index('ix_job_state_lease_until', 'job')
    op.drop_index('ix_job_state_priority_run_at_id', 'job')
    op.execute("UPDATE job SET state = 'failed' WHERE state = 'cancelled'")
    op.drop_column('job', 'cancel_asked_at')
    op.drop_column('job', 'priority')
    op.create_index('ix_job_state_run_at', 'job', ['state', 'run_at'])
