"""Partner associations: who they are, who belongs to them, the framework agreement in force.

A lead's right over an association is a grant of ``people``; anchoring and figures live further on.
"""
