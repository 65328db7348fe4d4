"""Proving the register: the chain of acts, the replay of changes, and a checkpoint kept outside.

Three parts, because each sees what the others cannot. The *chain* finds an act, a change or their order altered. The
*replay* finds versions, live rows and sums that are not what the changes say. Whoever can write everything could still
compute a whole new chain, so a signed *checkpoint* kept elsewhere says where the chain stood.
"""

from app.audit.proof import prove, verify
from app.audit.report import Part, Report

__all__ = ["Part", "Report", "prove", "verify"]
