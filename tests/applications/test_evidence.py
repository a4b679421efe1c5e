"""Papers: drawn anew by a bounded program, refused in words, several at a time, kept or not at all."""

import io
import resource
import subprocess
import sys

import pillow_heif
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bookings.applications import evidence, uploads
from bookings.applications.evidence import add_evidence, redrawn, remove_evidence
from bookings.applications.models import Evidence
from tests.factories import NOW, make_district, make_draft, make_person, make_station, pdf

pillow_heif.register_heif_opener()
RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(size=(60, 40), kind="JPEG", **options):
    """Red on its left, blue on its right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def turned():
    """As a phone held upright writes it: lying, with a word that says so, and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter to the right
    exif[0x010F] = "SAMPLE PHONE"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def alive():
    """A PDF with a script, a link, a form's field and an attached file."""
    script = b"<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R /Names << /EmbeddedFiles << /Names "
        b"[(evil.exe) 5 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /AA << /O 4 0 R >> >>",
        script,
        b"<< /Type /Filespec /F (evil.exe) /EF << /F 6 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length 4 >> stream\nMZ90\nendstream",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 7\n0000000000 65535 f \n%strailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (table, len(data))
    )


def opened(data):
    return Image.open(io.BytesIO(redrawn(data)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_of_any_phone_becomes_a_jpeg(kind):
    image = opened(picture(kind=kind, size=(600, 400)))

    assert (image.format, image.size) == ("JPEG", (600, 400))
    assert image.getpixel((50, 200))[0] > 150 > image.getpixel((50, 200))[2]


def test_a_picture_stands_upright_and_says_nothing_of_where_it_was_taken():
    image = opened(turned())

    assert image.size == (40, 60)
    assert image.getpixel((20, 5))[0] > 150  # what lay on the left is on top
    assert b"SAMPLE PHONE" not in redrawn(turned())
    assert not image.getexif()


def test_a_large_picture_is_made_smaller():
    assert opened(picture(size=(6000, 4000))).size == (2400, 1600)


def test_what_is_see_through_is_white():
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")

    assert opened(file.getvalue()).getpixel((10, 10)) == (255, 255, 255)


def test_a_pdf_keeps_its_pages_and_nothing_that_is_alive():
    clean = redrawn(alive())

    assert b"JavaScript" in alive()
    for word in (
        b"JavaScript",
        b"/JS",
        b"/AA",
        b"OpenAction",
        b"EmbeddedFile",
        b"evil",
        b"/Annots",
    ):
        assert word not in clean
    assert len(pypdfium2.PdfDocument(clean)) == 1
    assert len(pypdfium2.PdfDocument(redrawn(pdf(3)))) == 3


def bomb():
    """A picture whose head says 30,000 × 30,000, in a few kilobytes."""
    file = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(file, "PNG")
    return file.getvalue()


def locked():
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret"))
    canvas.drawString(9, 9, "x")
    canvas.save()
    return file.getvalue()


REFUSED = {
    "a renamed program": (lambda: b"MZ\x90\0" * 100, evidence.WrongType),
    "a drawing with a script": (lambda: b"<svg><script>1</script></svg>", evidence.WrongType),
    "a page named .pdf": (lambda: b"<html><script>1</script>", evidence.WrongType),
    "a truncated photo": (lambda: picture(size=(900, 900))[:3000], evidence.Damaged),
    "a picture of 30,000 x 30,000": (bomb, evidence.TooManyPixels),
    "a PDF that is none": (lambda: b"%PDF-1.7\n%%EOF", evidence.Damaged),
    "a PDF of 5000 pages": (lambda: pdf(5000), evidence.TooManyPages),
    "a PDF with a password": (locked, evidence.Locked),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_is(name):
    content, refusal = REFUSED[name]

    with pytest.raises(refusal):
        redrawn(content())


def test_a_page_as_large_as_a_field_is_drawn_small():
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(1_000_000, 1_000_000))
    canvas.drawString(9, 9, "x")
    canvas.save()

    width, height = pypdfium2.PdfDocument(redrawn(file.getvalue()))[0].get_size()
    assert max(width, height) <= 842


@pytest.mark.parametrize(
    "hunger", ["x = bytearray(3 * 1024**3)", "while True: pass"], ids=["memory", "time"]
)
def test_a_file_that_eats_memory_or_time_costs_one_upload(hunger):
    """The program's limits hold whatever a decoder does."""
    program = (
        "import sys; sys.path.insert(0, 'bookings/applications'); import inert\n"
        "inert.CPU_SECONDS = 1\n"
        f"def work(data):\n    {hunger}\n"
        "inert.redraw = work\n"
        "sys.exit(inert.main())"
    )

    done = subprocess.run([sys.executable, "-c", program], input=b"x", timeout=30)

    assert done.returncode != 0


def test_the_memory_of_the_site_stays_bounded():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = io.BytesIO()
    Image.linear_gradient("L").resize((8000, 6000)).save(file, "JPEG")

    redrawn(file.getvalue())

    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert own < 150 * 1024  # kilobytes: the test's own picture of 48 million pixels, grey


@pytest.fixture
def draft(db):
    station = make_station(make_district())
    return make_draft(make_person(station.district), station, evidence=())


def files(*contents):
    return [SimpleUploadedFile(f"{number}.jpg", data) for number, data in enumerate(contents, 1)]


@pytest.fixture
def send(client, draft):
    client.force_login(draft.user)

    def post(*sent):
        return client.post("/apply/papers/", {"kind": "degree", "file": list(sent)}, follow=True)

    return post


def test_the_good_ones_of_a_batch_are_kept_and_each_other_is_told_by_its_name(send, draft):
    page = send(*files(picture(), b"MZ", picture((30, 30)))).content.decode()

    assert draft.evidence.count() == 2
    assert "2.jpg：文件内容不是照片" in page
    assert "已保存 2 份，其余未保存。" in page


def test_five_hundred_files_are_told_to_be_too_many(send, draft, monkeypatch):
    monkeypatch.setattr(
        evidence, "redrawn", lambda data: b"\xff\xd8 drawn"
    )  # not what is asked here
    page = send(*files(*(b"x%d" % number for number in range(500)))).content.decode()

    assert draft.evidence.count() == evidence.MAX_FILES
    assert "一次上传的文件太多" in page
    assert "十份" in page


def test_a_body_without_end_is_not_kept(send, draft, monkeypatch):
    monkeypatch.setattr(uploads, "TOTAL_BYTES", 100_000)

    page = send(*files(picture(), b"x" * 200_000)).content.decode()

    assert draft.evidence.count() == 1
    assert "一次上传的文件太多" in page


def test_the_same_content_twice_is_one_paper_also_when_there_are_ten(send, draft):
    papers = files(*(picture((20 + number, 20)) for number in range(10)))
    send(*papers)
    for paper in papers:
        paper.seek(0)

    page = send(*papers).content.decode()

    assert draft.evidence.count() == 10
    assert "十份" not in page.split("<main")[1].split("<form")[0]


@pytest.mark.django_db
def test_pressed_twice_while_it_is_drawn_it_is_one_paper(draft, monkeypatch):
    redrawn = evidence.redrawn

    def meanwhile(data):
        monkeypatch.setattr(evidence, "redrawn", redrawn)
        first.append(add(draft))
        return redrawn(data)

    def add(draft):
        return add_evidence(application=draft, kind="degree", upload=files(picture())[0], now=NOW)

    first = []
    monkeypatch.setattr(evidence, "redrawn", meanwhile)

    assert add(draft) == first[0] == draft.evidence.get()


@pytest.mark.django_db(transaction=True)
def test_a_paper_s_file_goes_with_its_row_and_not_before():
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station, evidence=())
    paper = add_evidence(application=draft, kind="degree", upload=files(picture())[0], now=NOW)
    storage, name = paper.file.storage, paper.file.name
    assert storage.exists(name)

    remove_evidence(paper=paper)

    assert not storage.exists(name)


def test_a_row_that_cannot_be_leaves_no_file(draft, monkeypatch):
    saved = []

    def broken(self, *args, **kwargs):
        saved.append(self.file.name)
        raise RuntimeError

    monkeypatch.setattr(Evidence, "save", broken)

    with pytest.raises(RuntimeError):
        add_evidence(application=draft, kind="degree", upload=files(picture())[0], now=NOW)

    assert not Evidence._meta.get_field("file").storage.exists(saved[0])
