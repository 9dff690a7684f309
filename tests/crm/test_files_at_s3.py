"""Files at an S3 service instead of on disk: the same verbs and views, nothing public (STORAGE_URL; moto plays the service)."""

import boto3
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from moto import mock_aws

from config import env
from crm import attachments, files
from crm.models import Attachment
from tests import make


@pytest.fixture(autouse=True)
def bucket(settings):
    """An empty bucket; requests that leave this machine fail."""
    with mock_aws():
        client = boto3.client("s3", region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret")
        client.create_bucket(Bucket="akten", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        storage = env.storage("s3://key:secret@/akten/haselbach?region=eu-central-1")
        settings.STORAGES = {**settings.STORAGES, "default": storage}
        yield client


def keys(client):
    return [each["Key"] for each in client.list_objects_v2(Bucket="akten").get("Contents", [])]


def test_a_photo_lies_at_the_service_and_is_handed_out_by_the_view_alone(bucket, business, owner):
    photo = attachments.add(make.make_customer(), make.upload(name="Flur.jpg"), by=owner, is_shared=True)
    attachments.make_preview(photo.pk)
    photo.refresh_from_db()
    there = keys(bucket)
    assert len(there) == 4 and all(key.startswith(f"haselbach/attachments/{business.pk}/") for key in there)
    office, stranger = make.signed_in(owner), make.Browser()
    download, preview = (reverse(f"crm:attachment_{what}", args=[photo.pk]) for what in ("download", "preview"))
    assert b"".join(office.get(download).streaming_content) == make.picture()
    assert b"".join(office.get(preview).streaming_content)[:4] == b"RIFF"
    assert b"".join(office.get(f"{preview}192/").streaming_content)[:4] == b"RIFF"
    assert stranger.get(download).status_code == 302
    owner_grants = bucket.get_object_acl(Bucket="akten", Key=there[0])["Grants"]
    assert all("URI" not in grant["Grantee"] for grant in owner_grants)  # nobody but the owner


def test_what_is_gone_there_is_not_found(bucket, business, owner):
    photo = attachments.add(make.make_customer(), make.upload(), by=owner)
    default_storage.delete(photo.file.name)
    assert make.signed_in(owner).get(reverse("crm:attachment_download", args=[photo.pk])).status_code == 404


def test_documents_are_stored_once_and_mailed_from_there(bucket, business):
    name, digest = files.store("quotes/1/AN-2026-0001.pdf", b"%PDF-1.7")
    assert files.store("quotes/1/AN-2026-0001.pdf", b"%PDF-1.7") == (name, digest)
    assert files.read(name) == b"%PDF-1.7" and keys(bucket) == [f"haselbach/{name}"]
    with pytest.raises(FileNotFoundError):
        files.read("quotes/1/other.pdf")


def test_a_pdf_is_drawn_from_there(bucket, business):
    from weasyprint import HTML

    paper = attachments.add(make.make_customer(), make.upload(HTML(string="<h1>Plan").write_pdf(), "Plan.pdf"))
    attachments.make_preview(paper.pk)
    assert Attachment.objects.get(pk=paper.pk).page_count == 1
