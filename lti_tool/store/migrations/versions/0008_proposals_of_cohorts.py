"""what cohorts propose for affiliations

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('affiliation_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('from_partner_id', sa.Integer(), nullable=True),
    sa.Column('cohort_link_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dismissed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dismissed_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['cohort_link_id'], ['cohort_link.id'], name=op.f('fk_affiliation_proposal_cohort_link_id')),
    sa.ForeignKeyConstraint(['dismissed_by'], ['person.id'], name=op.f('fk_affiliation_proposal_dismissed_by')),
    sa.ForeignKeyConstraint(['from_partner_id'], ['partner.id'], name=op.f('fk_affiliation_proposal_from_partner_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_affiliation_proposal_partner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_affiliation_proposal_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_affiliation_proposal')),
    sa.UniqueConstraint('person_id', 'partner_id', name=op.f('uq_affiliation_proposal_person_id_partner_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('affiliation_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_affiliation_proposal_cohort_link_id'), ['cohort_link_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_affiliation_proposal_from_partner_id'), ['from_partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_affiliation_proposal_partner_id_dismissed_at'), ['partner_id', 'dismissed_at'], unique=False)


def downgrade() -> None:
    op.drop_table('affiliation_proposal')
