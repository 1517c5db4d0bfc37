"""What a record's declaration alone cannot tell: it needs the other records to be checked."""

from __future__ import annotations

from collections.abc import Mapping

from prevention_app.catalogue.description import Entity, Record, Value
from prevention_app.catalogue.risk_document import Rating
from prevention_app.domain.ratings import figures_of
from prevention_app.services import methods
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.work import CheckFailed


def refuse_unfit(
    read: Reader, entity: Entity, values: Mapping[str, Value], record: Record | None = None
) -> None:
    """Whether these values may be written, over a record or as a new one; raises CheckFailed."""
    meant = entity.new(**{**(entity.values(record) if record else {}), **values})
    if record is not None:
        _refuse_rings(read, entity, record, values)
        meant.id = record.id
    _refuse_clashes(read, entity, meant)
    if isinstance(meant, Rating):
        _refuse_off_scale(read, entity, meant, values)


def _refuse_off_scale(
    read: Reader, entity: Entity, rating: Rating, values: Mapping[str, Value]
) -> None:
    """A figure of a rating is a step of its method's scale."""
    method = methods.known(read).get(rating.method)
    if method is None:
        raise CheckFailed(entity, [("method", f"Aucune méthode « {rating.method} » n’est connue.")])
    problems: list[tuple[str, str]] = []
    for key, figure in figures_of(rating).items():
        if key not in values or figure is None:
            continue
        scale = method.scales.get(key)
        if scale is None:
            label = entity.by_key[key].label_fr
            problems.append((key, f"« {label} » n’est pas un critère de « {method.name_fr} »."))
        elif scale.step(figure) is None:
            steps = ", ".join(str(each.value) for each in scale.steps)
            told = f"« {scale.label_fr} » est à choisir parmi {steps}."
            problems.append((key, told))
    if problems:
        raise CheckFailed(entity, problems)


def _refuse_rings(
    read: Reader, entity: Entity, record: Record, values: Mapping[str, Value]
) -> None:
    """A record is not above itself in a tree: its parent's parents must not lead back to it.

    Raises CheckFailed at the field that would close the ring.
    """
    for each in entity.fields:
        if each.target == entity.key and values.get(each.key):
            seen: set[str] = set()
            above = str(values[each.key])
            while above and above not in seen:
                if above == record.id:
                    raise CheckFailed(entity, [(each.key, _ring(each.label_fr, direct=not seen))])
                seen.add(above)
                above = str(getattr(read.get(entity.key, above), each.key) or "")


def _ring(label: str, *, direct: bool) -> str:
    if direct:
        return f"« {label} » : une fiche ne peut pas dépendre d’elle-même."
    return f"« {label} » : la fiche choisie dépend déjà de celle-ci ; cela ferait une boucle."


def _refuse_clashes(read: Reader, entity: Entity, record: Record) -> None:
    """A register or field that users define bears a key that nothing else bears.

    `record` holds the values meant; its id is empty for a new one. Raises CheckFailed.
    """
    problems: list[tuple[str, str]] = []
    if entity.key == "register_definition":
        problems = _register_clashes(read, record)
    elif entity.key == "field_definition":
        problems = _field_clashes(read, record)
    if problems:
        raise CheckFailed(entity, problems)


def _register_clashes(read: Reader, record: Record) -> list[tuple[str, str]]:
    key, code = (str(getattr(record, each) or "") for each in ("register_key", "register_code"))
    declared = [each for each in read.catalogue if not each.own]
    problems: list[tuple[str, str]] = []
    if any(each.key == key for each in declared) or _others(read, record, register_key=key):
        problems.append(("register_key", f"Un registre a déjà la clé « {key} »."))
    if any(each.code == code for each in declared) or _others(read, record, register_code=code):
        problems.append(("register_code", f"Un registre a déjà le code « {code} »."))
    return problems


def _field_clashes(read: Reader, record: Record) -> list[tuple[str, str]]:
    register, key = (str(getattr(record, each) or "") for each in ("register_key", "field_key"))
    if not register or not key:
        return []
    entity = read.catalogue.by_key.get(register)
    if entity is None or entity.system or entity.reference_set:
        return [("register_key", f"Aucun registre « {register} » ne peut recevoir de champ.")]
    held = entity.by_key.get(key)
    declared = held is not None and not held.own
    if declared or _others(read, record, register_key=register, field_key=key):
        return [("field_key", f"« {entity.label_fr} » a déjà un champ « {key} ».")]
    return []


def _others(read: Reader, record: Record, **values: str) -> bool:
    """Whether another definition of this sort holds these values."""
    register = "field_definition" if "field_key" in values else "register_definition"
    wanted = tuple(Condition(key, Op.IS, value) for key, value in values.items())
    return any(each.id != record.id for each in read.records(Query(register, where=wanted)))
