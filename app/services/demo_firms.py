"""The demo city's enterprises: who invested, whom the zones want, and two zones that have met the same investor."""

from __future__ import annotations

from app.demo.firms import doublets, firms, wanted
from app.demo.people import staff
from app.desk import Desk
from app.models import Enterprise, Project
from app.services import enterprises, target_enterprises


def fill(desk: Desk, made: list[Project], zones: list[str], seed: int) -> None:
    """Put the firms into the base, name them in their projects, and let zones register one investor twice."""
    found = firms(made, seed)
    ids = []
    for facts, members in found:
        firm = desk.get(Enterprise, enterprises.create(desk, facts)["id"])
        ids.append(firm.id or 0)
        for project in members:
            project.enterprise_id = firm.id
        desk.keep(members)
    only_wanted = [id_ for id_, (_, members) in zip(ids, found, strict=True) if not members]
    owners = [staff(at, seed).persons[0][0] for at in range(len(zones))]
    for zone, firm_id, facts in wanted(zones, owners, only_wanted, desk.today, seed):
        target_enterprises.put(desk, zone, firm_id, facts)
    for first, later, said in doublets(made):
        later.name, later.investor_name = said["name"], said["investor_name"]
        later.total_investment_yuan, later.content = first.total_investment_yuan, first.content
        desk.keep(later)
