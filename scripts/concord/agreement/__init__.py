"""Agreement of readers on a segmentation.

- `chunk`: agreement of all readers of a chunk of images, as tables
- `consensus`: one segmentation that stands for several readers
- `consensus_masks`: consensus masks of a chunk, as masks of a reader of their own
- `distances`: measures of two masks from their directed surface distances
- `elements`: surfaces of triangles and contours of segments, and the distance to one of
  them
- `gallery`: small pictures of the cases in which readers agree worst
- `group`: agreement of all readers of one region, taken together
- `mesh`: surface distances between triangle meshes, in a plane between contours
- `nearest`: distance from each element of a surface to the nearest point of another
  surface
- `notes`: notes on a pair of segmentations: codes with a text, as with masks
- `overlap`: masks cut to their own box, and how far their voxels coincide
- `pairs`: agreement of all pairs of readers on one region of one image
- `reading`: masks of one image and region, read one after the other and cut at once
- `readings`: counts of what each reader delivered: segmentations, empty ones, and none
  at all
- `review`: review list: the cases in which readers agree worst
- `settings`: settings of the comparison of readers
- `volumes`: agreement of the volumes by two readers, over all subjects
- `voxel`: surface distances between the centres of boundary voxels
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "chunk": ["TOLERANCE_KEYS"],
        "consensus_masks": ["write_consensus"],
        "reading": ["REGION_KEYS"],
        "review": ["review_list"],
        "settings": [
            "AgreementSection",
            "ConsensusMask",
            "GalleryTiles",
            "GatherAgreement",
            "ReviewList",
            "ReviewSection",
            "SegmentationAgreement",
        ],
        "volumes": ["volume_agreement"],
    },
)
