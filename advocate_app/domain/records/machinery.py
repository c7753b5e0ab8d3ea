"""Records that serve the machinery: who reads a compartment, what was admitted, drafts under way."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Kind, Merge, Record

READERS: Final = Record(
    "readers",
    20,
    compartment=CompartmentKind.FILE,
    machinery=True,
    fields=(
        Field(
            "readers",
            1,
            Kind.IDS,
            required=True,
            merge=Merge.READERS,
            why="members and groups; its id is the compartment",
        ),
        Field("kind", 2, Kind.TEXT, merge=Merge.IMMUTABLE, why="a CompartmentKind"),
        Field("owner", 3, Kind.ID, merge=Merge.IMMUTABLE, why="the client"),
        Field("name", 4, Kind.TEXT, merge=Merge.IMMUTABLE, why="of a register"),
        Field("stream", 5, Kind.ID, merge=Merge.IMMUTABLE, why="home stream"),
    ),
)

ADMIT: Final = Record(
    "admit",
    21,
    compartment=CompartmentKind.FILE,
    machinery=True,
    fields=(
        Field("leaf", 1, Kind.BYTES, required=True, merge=Merge.IMMUTABLE, why="names the envelope, 32 bytes"),
        Field(
            "parcel", 2, Kind.INT, required=True, merge=Merge.IMMUTABLE, least=0, why="its place in the delta, from 0"
        ),
    ),
)

DRAFT: Final = Record(
    "draft",
    22,
    compartment=CompartmentKind.FILE,
    machinery=True,
    fields=(
        Field("about", 1, Kind.ID, why="the record it will become a change of"),
        Field("about_type", 2, Kind.INT),
        Field("sealed", 3, Kind.BYTES, required=True, why="its text, sealed once more under the author's member seed"),
        Field("ended", 4, Kind.BOOL, why="saved or thrown away"),
    ),
)
