"""the cohort of a watched enrolment has a digest of its own: membership is known again at the next watch

Revision: 0015, after 0014
"""

from alembic import op
import sqlalchemy as sa


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('watched_enrolment') as batch:
        batch.add_column(sa.Column('cohort', sa.BigInteger(), nullable=True))
        batch.alter_column('membership', existing_type=sa.BigInteger(), nullable=True)
    # Kept digests of membership hold the cohort: unknown, so that nobody seems to have moved.
    op.execute('UPDATE watched_enrolment SET membership = NULL')
    op.execute("UPDATE site_watch SET pages = '[]'")


def downgrade() -> None:
    # Without a signature the next watch takes everything as it is.
    op.execute("UPDATE site_watch SET signature = '', pages = '[]'")
    op.execute('UPDATE watched_enrolment SET membership = 0')
    with op.batch_alter_table('watched_enrolment') as batch:
        batch.alter_column('membership', existing_type=sa.BigInteger(), nullable=False)
        batch.drop_column('cohort')
