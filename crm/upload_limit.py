"""A request may carry so much and no more (P70). Named first in settings.FILE_UPLOAD_HANDLERS."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST = 150 * 1024 * 1024  # bytes of one request: thirty photos as phones take them
MOST_THROUGH_LINK = 80 * 1024 * 1024  # bytes of what somebody without an account sends: ten photos (P76)


class LimitedBody(FileUploadHandler):
    """Refuses a body by its announced length, before anything of it is read; hands everything else on."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        most = MOST_THROUGH_LINK if META.get("PATH_INFO", "").startswith(("/k/", "/l/")) else MOST
        if content_length > most:
            raise RequestDataTooBig(f"The request has {content_length} bytes.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
