"""Drafts of a new study, from folders of images and a clinical table.

- `cells`: columns of a clinical table: what their cells hold, in a form that can be
  computed
- `clinical`: clinical table of a draft: CSV, TSV or Excel, read as text
- `drafting`: draft of a study of images: its configuration, its sheets and what is to
  answer
- `feature_study`: draft of a study that starts from a table of features
- `folders`: study of which only its folders are known: what the index and a draft need
- `foreign`: settings of another tool that the group already uses, as recipes of a draft
- `imaging`: sessions, readers, sites and regions of a draft, from the rows of its
  sheets
- `matching`: subjects of the images and rows of the clinical table that belong together
- `models`: recipes, arms and validation of a draft
- `naming`: names and labels that a draft makes of what others have called something
- `nifti_folders`: rows of the sheets from folders of NIfTI files, by the names of the
  files alone
- `outcomes`: endpoints of a draft, guessed from the columns of a clinical table
- `people`: subjects of a draft: what the clinical table tells of those with images
- `placing`: drafts put where the study reads them, unless something is there already
- `predictors`: covariates and factors of a draft, guessed from the columns of a
  clinical table
- `question`: questions that a draft leaves to its reader, and what it changed on the
  way
- `request`: request of a draft: folders and tables, as the command line names them
- `roles`: roles of the columns of a clinical table, by the words of their names
- `settings`: settings of rule draft_study
- `sites`: site of each subject of a draft: by its root, or by a column of the table
- `writing`: sources of a draft read from files, and the draft written to files
- `applying/`: draft of a study that applies a frozen model to images of other patients

"""
