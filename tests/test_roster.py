"""Who is in the class: names and numbers from roster.csv, from archives, and from the LMS's own tables."""

import re
import sqlite3
import zipfile
from dataclasses import replace

import pytest
from class_of_records import digits, record, save, verdict
from test_class_collect import archive
from test_exports import export, table

from grader.classroom.folder import CourseFolder
from grader.course import REPOSITORY

pytestmark = pytest.mark.classroom

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,"pixels (4711)","Essay (4712)"
    Points Possible,,,,,10,5
"Lovelace, Ada",12345,s-1,ada@example.org,A,,3
"Hopper, Grace",78,s-2,grace@example.org,A,,4
"Absent, Zoë",99,s-3,zoe@example.org,A,,
"""
MOODLE = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Feedback comments"
"Participant 991","Zoë D'Arc",zoe@example.org,"Submitted for grading",,10.00,Yes,
"Participant 992","Ada Lovelace",ada@example.org,"No submission",,10.00,Yes,
"""


def graded(folder: CourseFolder, *students: str) -> CourseFolder:
    for student in students:
        save(folder, record(student, "pixels", verdict()))
    return folder


def collected(folder: CourseFolder, *names: str) -> None:
    path = archive(folder.root / "upload.zip", *[(name, b"x = 1") for name in names])
    assert digits("class", "collect", path, "--exercise", "pixels", cwd=folder.root).returncode == 0


def test_feedback_goes_back_under_the_names_of_the_uploads(tmp_path):
    folder = CourseFolder(tmp_path)
    collected(
        folder,
        "lovelaceada_LATE_12345_67890_pixels-1.py",
        "Zoë D'Arc_991_assignsubmission_file_/sub/pixels.py",
        "O_Brien Éamon_992_assignsubmission_file_pixels.py",
    )
    graded(folder, "lovelaceada", "Zoë D'Arc", "O_Brien Éamon", "by hand")
    said = export(folder, "moodle-feedback", "--exercise", "pixels")
    assert "2 pages" in said
    assert "by hand, lovelaceada: not collected from Moodle." in said
    with zipfile.ZipFile(folder.reports / "feedback" / "moodle-pixels.zip") as file:
        pages = {name: file.read(name).decode() for name in file.namelist()}
    assert set(pages) == {
        "Zoë D'Arc_991_assignsubmission_file_/feedback.html",
        "O_Brien Éamon_992_assignsubmission_file_/feedback.html",
    }
    page = pages["Zoë D'Arc_991_assignsubmission_file_/feedback.html"]
    assert "3 of 10 points" in page
    assert "lovelaceada" not in page
    export(folder, "canvas-feedback", "--exercise", "pixels")
    with zipfile.ZipFile(folder.reports / "feedback" / "canvas-pixels.zip") as file:
        assert file.namelist() == ["lovelaceada_LATE_12345_67890_pixels.html"]
    export(folder, "moodle-worksheet", "--exercise", "pixels")
    rows = {row["Identifier"]: row["Grade"] for row in table(folder, "moodle-worksheet-pixels.csv")}
    assert rows == {"Participant 991": "3", "Participant 992": "3"}
    for form in ("moodle-feedback", "moodle-worksheet", "canvas-feedback"):
        refused = digits("class", "export", tmp_path, "--format", form)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "--exercise" in refused.stderr


def test_canvas_gets_its_own_numbers_back_without_a_roster(tmp_path):
    folder = CourseFolder(tmp_path)
    collected(folder, "lovelaceada_12345_1_pixels.py", "hoppergrace_78_2_pixels.py")
    graded(folder, "lovelaceada", "hoppergrace")
    export(folder, "canvas")
    rows = {row["Student"]: (row["ID"], row["SIS Login ID"], row["pixels"]) for row in table(folder, "canvas.csv")[1:]}
    assert rows == {"hoppergrace": ("78", "", "3"), "lovelaceada": ("12345", "", "3")}


def test_canvas_gradebook_is_a_roster_and_its_columns_come_back(tmp_path):
    folder = CourseFolder(tmp_path)
    collected(folder, "lovelaceada_12345_1_pixels.py", "kinggrace_78_2_pixels.py")  # who has changed her name since
    graded(folder, "lovelaceada", "kinggrace")
    folder.roster.write_text(CANVAS, "utf-8")
    export(folder, "canvas")
    points, *rows = table(folder, "canvas.csv")
    assert points["pixels (4711)"] == "10"
    found = {row["Student"]: [row[n] for n in ("ID", "SIS User ID", "SIS Login ID", "pixels (4711)")] for row in rows}
    assert found == {
        "Absent, Zoë": ["99", "s-3", "zoe@example.org", ""],
        "Hopper, Grace": ["78", "s-2", "grace@example.org", "3"],
        "Lovelace, Ada": ["12345", "s-1", "ada@example.org", "3"],
    }


def test_canvas_gradebook_is_matched_by_name_where_nothing_was_collected(tmp_path):
    folder = graded(CourseFolder(tmp_path), "lovelaceada")
    folder.roster.write_text(CANVAS, "utf-8")
    export(folder, "csv")
    names = {row["student"]: row["last_name"] for row in table(folder, "grades.csv")}
    assert names["lovelaceada"] == "Lovelace"
    assert len(names) == 3


def test_moodles_worksheet_is_a_roster_and_full_names_are_no_logins(tmp_path):
    folder = CourseFolder(tmp_path)
    collected(folder, "Zoë D'Arc_991_assignsubmission_file_/pixels.py")
    graded(folder, "Zoë D'Arc")
    export(folder, "moodle")
    (row,) = table(folder, "moodle.csv")
    assert (row["First name"], row["Last name"], row["Username"], row["pixels"]) == ("Zoë", "D'Arc", "", "3")
    folder.roster.write_text(MOODLE, "utf-8")
    export(folder, "moodle")
    rows = {row["Email address"]: row["pixels"] for row in table(folder, "moodle.csv")}
    assert rows == {"zoe@example.org": "3", "ada@example.org": ""}


@pytest.mark.parametrize("header", ["Student;First_Name;Last_Name", "STUDENT,first_name,last_name"])
def test_case_does_not_matter(tmp_path, header):
    folder = graded(CourseFolder(tmp_path), "ada")
    separator = ";" if ";" in header else ","
    folder.roster.write_text(f"{header}\nAda{separator}Ada{separator}Lovelace\n", "utf-8")
    export(folder, "csv")
    (row,) = table(folder, "grades.csv")
    assert (row["student"], row["last_name"], row["score"]) == ("ada", "Lovelace", "3")


def test_a_student_may_be_in_the_roster_under_the_full_name_of_the_folder(tmp_path):
    folder = graded(CourseFolder(tmp_path), "Ada Lovelace")
    folder.roster.write_text("student,first_name,last_name,email\nal17,Ada,Lovelace,al@example.org\n", "utf-8")
    export(folder, "csv")
    (row,) = table(folder, "grades.csv")
    assert (row["student"], row["email"]) == ("Ada Lovelace", "al@example.org")


def test_an_extension_that_was_given_before_the_first_submission_counts(tmp_path):
    """The roster knows a login; the folder has the name that Canvas gives to files."""
    folder = CourseFolder(tmp_path)
    folder.roster.write_text(CANVAS, "utf-8")
    folder.config.write_text("c = get_config()\n")
    for days, name in enumerate(["12345", "ada@example.org", "Ada Lovelace", "lovelaceada", "12345"], start=1):
        extension = f"{name}={days}d"
        done = digits("class", "due", "pixels", "2026-03-01T12:00+00:00", "--extension", extension, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        (extended,) = re.findall(r"(\S+): (\d) days? more", digits("class", "due", cwd=tmp_path).stdout)
        assert extended[1] == str(days)  # it replaces the one before, under whatever name that was given
    collected(folder, "lovelaceada_12345_67890_pixels.py", "hoppergrace_78_67891_pixels.py")
    for student in ("lovelaceada", "hoppergrace"):
        save(folder, replace(record(student, "pixels", verdict()), submitted="2026-03-03T12:00:00+00:00"))
    export(folder, "csv")
    late = {row["student"]: row["late"] for row in table(folder, "grades.csv")}
    assert late["lovelaceada"] == "in time"
    assert late["hoppergrace"] == "late"
    digits("class", "due", "pixels", "--extension", "lovelaceada=4d", cwd=tmp_path)
    shown = digits("class", "due", cwd=tmp_path).stdout
    assert "lovelaceada: 4 days more" in shown
    assert "5 days" not in shown


def test_two_of_one_name_in_moodles_worksheet_are_two(tmp_path):
    folder = CourseFolder(tmp_path)
    folder.roster.write_text(MOODLE.replace("Ada Lovelace", "Zoë D'Arc"), "utf-8")
    collected(folder, "Zoë D'Arc_991_assignsubmission_file_/pixels.py")
    graded(folder, "Zoë D'Arc")
    export(folder, "csv")
    scores = {row["student"]: (row["email"], row["score"]) for row in table(folder, "grades.csv")}
    assert scores == {"Zoë D'Arc": ("zoe@example.org", "3"), "Zoë D'Arc-992": ("ada@example.org", "")}
    collected(folder, "Zoë D'Arc_992_assignsubmission_file_/pixels.py")
    graded(folder, "Zoë D'Arc-992")
    export(folder, "csv")
    assert {row["student"]: row["score"] for row in table(folder, "grades.csv")} == dict.fromkeys(scores, "3")


def test_canvas_tells_titles_alike_and_its_test_student_is_nobody(tmp_path):
    folder = graded(CourseFolder(tmp_path), "lovelaceada")
    save(folder, record("lovelaceada", "softmax_regression", verdict("softmax_regression")))
    save(folder, record("lovelaceada", "dense", verdict("dense")))
    roster = CANVAS.replace("Essay (4712)", "Softmax Regression (4712)") + '"Student, Test",666,,,A,,\n'
    folder.roster.write_text(roster, "utf-8")
    said = export(folder, "canvas")
    rows = table(folder, "canvas.csv")
    assert {"pixels (4711)", "Softmax Regression (4712)", "dense"} <= set(rows[0])
    assert "666" not in {row["ID"] for row in rows}
    assert "dense: no column in roster.csv" in " ".join(said.split())
    export(folder, "moodle")
    assert {row["ID number"] for row in table(folder, "moodle.csv")} == {"s-1", "s-2", "s-3"}


def test_the_gradebook_forgets_the_name_that_a_student_had_in_the_roster(tmp_path):
    folder = CourseFolder(tmp_path)
    folder.roster.write_text(CANVAS, "utf-8")
    for names in (["hoppergrace_78_1_pixels.py"], ["lovelaceada_12345_2_pixels.py"]):
        collected(folder, *names)
        graded(folder, names[0].partition("_")[0])
        assert digits("class", "gradebook", cwd=tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        assert {name for (name,) in book.execute("select id from student")} == {
            "hoppergrace",
            "lovelaceada",
            "zoe@example.org",
        }


def test_a_worksheet_without_participants_and_a_due_date_without_a_course_are_sentences(tmp_path):
    folder = graded(CourseFolder(tmp_path / "a"), "ada")
    done = digits("class", "export", "--format", "moodle-worksheet", "--exercise", "pixels", cwd=folder.root)
    assert (done.returncode, "Nothing of pixels was collected from Moodle" in done.stderr) == (2, True)
    empty = tmp_path / "b"
    empty.mkdir()
    done = digits("class", "due", "pixels", "2026-03-01", cwd=empty)
    assert (done.returncode, "There is no course in" in done.stderr) == (2, True)
    assert not list(empty.iterdir())


def test_a_late_plugin_that_cannot_be_used_is_a_sentence(tmp_path):
    folder = graded(CourseFolder(tmp_path), "ada")
    folder.config.write_text("c = get_config()\nc.AssignLatePenalties.plugin_class = 'nowhere.Late'\n")
    done = digits("class", "export", cwd=tmp_path)
    assert done.returncode == 2
    assert "late-submission plugin" in done.stderr


def test_the_plugin_of_the_page_takes_ten_percent_a_day(tmp_path):
    folder = CourseFolder(tmp_path)
    page = (REPOSITORY / "docs" / "class.md").read_text("utf-8")
    plugin = page[page.index("from nbgrader.plugins") : page.index("plugin_class = TenPercentADay")]
    folder.config.write_text(f"c = get_config()\n{plugin}plugin_class = TenPercentADay\n")
    assert digits("class", "due", "pixels", "2026-03-01T12:00+00:00", cwd=tmp_path).returncode == 0
    save(folder, replace(record("ada", "pixels", verdict()), submitted="2026-03-03T11:00:00+00:00"))
    export(folder, "csv")
    (row,) = table(folder, "grades.csv")
    assert (row["late"], row["penalty"], row["score"]) == ("late", "0.6", "2.4")
