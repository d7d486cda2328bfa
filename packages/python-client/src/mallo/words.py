"""What the client itself has to say: what happened and what to do, in both languages."""

from typing import Literal

Locale = Literal["en", "ko"]

WORDS: dict[str, dict[Locale, str]] = {
    "client.unset": {
        "en": "It is not said where Mallo is. Set MALLO_URL and MALLO_TOKEN (`npm run token` prints one).",
        "ko": "Mallo의 주소나 토큰이 없습니다. MALLO_URL과 MALLO_TOKEN(`npm run token`이 출력)을 설정해 주세요.",
    },
    "client.unreachable": {
        "en": "{url} cannot be reached ({reason}). Check the address and that Mallo runs; then try again.",
        "ko": "{url}에 연결할 수 없습니다({reason}). 주소와 Mallo가 실행 중인지 확인한 뒤 다시 시도해 주세요.",
    },
    "client.not_mallo": {
        "en": "{url} answered {status} in words that are not Mallo's. Check the address, and what stands before it.",
        "ko": "{url}의 응답({status})이 Mallo의 것이 아닙니다. 주소와 앞에 있는 프록시를 확인해 주세요.",
    },
    "client.uri_invalid": {
        "en": "“{uri}” is not the address of a model. Write it like mallo://models/pets@champion.",
        "ko": "“{uri}”은(는) 모델 주소가 아닙니다. mallo://models/pets@champion처럼 써 주세요.",
    },
    "client.file_name": {
        "en": "“{name}” would be written outside of {folder}, so nothing was downloaded. Choose another folder.",
        "ko": "“{name}” 파일은 {folder} 밖에 쓰이게 되어 아무것도 내려받지 않았습니다. 다른 폴더를 골라 주세요.",
    },
    "client.file_altered": {
        "en": "What came of “{name}” is not what was registered (its SHA-256 differs), so it was not kept. Try again.",
        "ko": "받은 “{name}” 파일이 등록된 것과 달라(SHA-256이 다름) 남기지 않았습니다. 다시 시도해 주세요.",
    },
}
