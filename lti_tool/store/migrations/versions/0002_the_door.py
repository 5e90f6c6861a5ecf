"""the door

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('access_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('scopes', sa.String(length=1000), nullable=False),
    sa.Column('granted', sa.JSON(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_access_token_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_token')),
    sa.UniqueConstraint('registration_id', 'scopes', name=op.f('uq_access_token_registration_id_scopes'))
    )
    op.create_table('content_selection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('deployment_id', sa.Integer(), nullable=False),
    sa.Column('return_url', sa.Text(), nullable=False),
    sa.Column('data', sa.Text(), nullable=True),
    sa.Column('multiple', sa.Boolean(), nullable=False),
    sa.Column('columns', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_content_selection_course_id')),
    sa.ForeignKeyConstraint(['deployment_id'], ['deployment.id'], name=op.f('fk_content_selection_deployment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_content_selection_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_selection')),
    sa.UniqueConstraint('public_id', name=op.f('uq_content_selection_public_id'))
    )
    op.create_index('ix_content_selection_expires_at', 'content_selection', ['expires_at'])

    op.create_table('context_services',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('memberships_url', sa.String(length=1000), nullable=False),
    sa.Column('lineitems_url', sa.String(length=1000), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('roster_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_context_services_course_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_context_services_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_context_services')),
    sa.UniqueConstraint('course_id', 'registration_id', name=op.f('uq_context_services_course_id_registration_id'))
    )
    op.create_index('ix_context_services_registration_id', 'context_services', ['registration_id'])

    op.create_table('launch_refusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_launch_refusal_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_launch_refusal')),
    sa.UniqueConstraint('registration_id', 'reason', 'day', name=op.f('uq_launch_refusal_registration_id_reason_day'))
    )
    op.create_index('ix_launch_refusal_day', 'launch_refusal', ['day'])
    op.create_index('uq_launch_refusal_unknown', 'launch_refusal', ['reason', 'day'], unique=True, sqlite_where=sa.text('registration_id IS NULL'), postgresql_where=sa.text('registration_id IS NULL'))

    op.create_table('line_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('url', sa.String(length=1000), nullable=True),
    sa.Column('label', sa.String(length=255), nullable=False),
    sa.Column('score_maximum', sa.Numeric(15, 5).with_variant(sa.String(20), "sqlite"), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_line_item_asked_by')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_line_item_course_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_line_item_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_item')),
    sa.UniqueConstraint('course_id', 'registration_id', 'outcome', name=op.f('uq_line_item_course_id_registration_id_outcome'))
    )
    op.create_table('link_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_link_code_account_id')),
    sa.ForeignKeyConstraint(['used_by'], ['account.id'], name=op.f('fk_link_code_used_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_code')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_link_code_code_hash'))
    )
    op.create_table('member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_member_account_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_member_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('course_id', 'account_id', name=op.f('uq_member_course_id_account_id'))
    )
    op.create_index('ix_member_account_id', 'member', ['account_id'])

    op.create_table('registration_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_invitation_registration_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_registration_invitation_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_registration_invitation_token_hash'))
    )
    op.create_table('resource_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deployment_id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.String(length=255), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('placement', sa.String(length=20), nullable=True),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('copied_from', sa.String(length=255), nullable=False),
    sa.Column('lineitem_url', sa.String(length=1000), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_resource_link_course_id')),
    sa.ForeignKeyConstraint(['deployment_id'], ['deployment.id'], name=op.f('fk_resource_link_deployment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_link')),
    sa.UniqueConstraint('deployment_id', 'link_id', name=op.f('uq_resource_link_deployment_id_link_id'))
    )
    op.create_index('ix_resource_link_course_id', 'resource_link', ['course_id'])

    op.create_table('score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_item_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('given', sa.Numeric(15, 5).with_variant(sa.String(20), "sqlite"), nullable=True),
    sa.Column('comment', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error_code', sa.String(length=40), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_score_account_id')),
    sa.ForeignKeyConstraint(['line_item_id'], ['line_item.id'], name=op.f('fk_score_line_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
    sa.UniqueConstraint('line_item_id', 'account_id', name=op.f('uq_score_line_item_id_account_id'))
    )
    op.create_index('ix_score_account_id', 'score', ['account_id'])
    op.create_index('ix_score_line_item_id_state', 'score', ['line_item_id', 'state'])

    op.add_column('deployment', sa.Column('launched_at', sa.DateTime(timezone=True), nullable=True))

    op.add_column('login_attempt', sa.Column('storage_target', sa.String(length=200), nullable=True))

    op.add_column('person', sa.Column('merged_into_id', sa.Integer(), nullable=True))
    op.add_column('account', sa.Column('linked_at', sa.DateTime(timezone=True), nullable=True))

    op.add_column('registration', sa.Column('origin', sa.String(length=12), server_default='manual', nullable=False))
    op.add_column('registration', sa.Column('scopes', sa.JSON(), nullable=True))
    op.add_column('registration', sa.Column('launched_at', sa.DateTime(timezone=True), nullable=True))

    op.add_column('site', sa.Column('token_used_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('tool_key') as batch_op:
        batch_op.add_column(sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('private_pem',
               existing_type=sa.TEXT(),
               nullable=True)

    # Two processes that began together may each have made a first key.
    op.execute("UPDATE tool_key SET state = 'retired' WHERE state = 'active' AND id < (SELECT max(id) FROM tool_key WHERE state = 'active')")
    op.create_index('uq_tool_key_turn', 'tool_key', ['state'], unique=True, sqlite_where=sa.text("state IN ('next', 'active')"), postgresql_where=sa.text("state IN ('next', 'active')"))


def downgrade() -> None:
    op.drop_index('uq_tool_key_turn', 'tool_key')
    op.execute("DELETE FROM tool_key WHERE private_pem IS NULL")
    with op.batch_alter_table('tool_key') as batch_op:
        batch_op.alter_column('private_pem',
               existing_type=sa.TEXT(),
               nullable=False)
        batch_op.drop_column('gone_at')
        batch_op.drop_column('retired_at')
        batch_op.drop_column('activated_at')

    op.drop_column('site', 'token_used_at')

    op.drop_column('registration', 'launched_at')
    op.drop_column('registration', 'scopes')
    op.drop_column('registration', 'origin')

    op.drop_column('account', 'linked_at')
    op.drop_column('person', 'merged_into_id')

    op.drop_column('login_attempt', 'storage_target')

    op.drop_column('deployment', 'launched_at')

    op.drop_index('ix_score_line_item_id_state', 'score')
    op.drop_index('ix_score_account_id', 'score')

    op.drop_table('score')
    op.drop_index('ix_resource_link_course_id', 'resource_link')

    op.drop_table('resource_link')
    op.drop_table('registration_invitation')
    op.drop_index('ix_member_account_id', 'member')

    op.drop_table('member')
    op.drop_table('link_code')
    op.drop_table('line_item')
    op.drop_index('uq_launch_refusal_unknown', 'launch_refusal')
    op.drop_index('ix_launch_refusal_day', 'launch_refusal')

    op.drop_table('launch_refusal')
    op.drop_index('ix_context_services_registration_id', 'context_services')

    op.drop_table('context_services')
    op.drop_index('ix_content_selection_expires_at', 'content_selection')

    op.drop_table('content_selection')
    op.drop_table('access_token')
