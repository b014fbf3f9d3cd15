"""What the engine's flags mean to an instructor. A flag is a reason to look, and proves nothing by itself."""

MEANINGS = {
    "large_constant": "The file holds more information than code of this course needs: perhaps stored weights, perhaps "
    "a long table or text. Look at its longest lines.",
    "too_perfect": "The accuracy is far above what the reference solution reaches. Look at how the model gets it.",
    "trained_at_build": "A model that was only just built already knew the digits. Look at what build_model does "
    "beside building.",
    "self-reported": "The model could not be rebuilt from its layers, so its accuracy rests on its own predictions. "
    "Look at its custom layers and at predict.",
}
UNKNOWN = "Look at the submission."


def meaning(flag: str) -> str:
    return MEANINGS.get(flag, UNKNOWN)
