"""Brings trained weights along, tries the eight turns on the training data and reads off which class is which digit."""

import base64
import zlib

import keras
import numpy as np

WEIGHTS = """
eNoNl9eOJId1hivnXF1d1Wl6ZnZmNu+SK5KWaCqBkHRnGPBD+DEE3th3hmUZ8JUubEm2JNACKVu0mMMul8uNMzt5OudQXd1V1ZWj5wHOAU76v/9Ar3NCHu
knNVxuA82kk+K3n3/eqRecl3cffxVUrizP9aaxcadeKSHXlfUXw6s8tost/jzzPlvBzwv/hp7+NiYevvWsPAL7y2da45oIAtw26z6+9g784yvX9Un6y4s3
5esXyf8uLnZJ5WH59PZiO4jP7m3+sWHsXa+2XvnPqL5DoYQdWtt3alRhv+BxuxD5anbXSOqCeO/a/4HvIuAbxbtPlK+Z8l+rG/LmdAv9Lptu7kLfk39MUK
/dUIStnfLnf7+EfevnE9aG4PesdbXoAfee2fbsXOGnhTmBYF67/KVxQGlTQat2EYyErKvrtBwU/CCNVWV6SxXyG9Mv04oD+B8QBIcOsS1q33V4yGfgXRrc
scHmst0YBCOxO+/20tUDJLbSt70lCoxRCYpYMmoM590gQ6EFY7cZQmWDZ8vwKPvZNQVAo3TnrK2eArojYWE9FZKbWj01lzY5wDtY1vfejNAilldbuk5M4m
iSVGMKtC/i1eIxi2sJWeNYGV/Zor/vxU1DHQ78zUVbWLFzhLCKxUDjlrFm6l3bhQolbYCLnACaIvq0e3BhAdE96uvJ/mBjgBVJUC5qyNAJUJbOsMNzAoRQ
czKXuv6eQB4sKqYtz2F2JRDm1a0SY/bn8QMfdiCsxyrazjF4BbQIYjpubThN4rYn05A8PBhkMQ91rQZ9ZR5WyNkNhDcTajLwLgKbUJqIqY/Hd5PizG97Wb
+6E2QUG1IyaGTDFPH3AndYBDOpbi7m1ajJE5zD4VK/pB3Q0/L86TYJSnsLFtih6KxFtmFpRUArD/5yZyN2QXE+ima33tz+bpZdEevV5TTT8gUQDvB0O29U
z0fzMeaBH+MIMVrvdq7uU339/W+gAtTYrBVw0IXExEvFgyQCQX8Uihext6HVt7oDw7rw+vM84mypQFGH8aLiifz2VgKS0HoOrdTJXO29N9W6K4vtNuUz8U
5JTqQoVFLXyz3EtHutzXgXt2tjQx9LQbez6u94D14/Xn/UtMAHLWzj4pvgqrrN8HGKEbDQ5Q2cc/gocLZeK/IUrsyB8AWz2U9I/Ae1xnW+0wsaxzQMiR0+
iVCPwUvtidKBzroGn7PNIn/flZiHMBhB7RTHqSn3CtuZg618Ptg4Mtb6ZEI4wbX2oZk2rn3BGaO4uLXHXK/GQTHPI6C8SDyRJhSzdr6ndcxG+pUV2swNEm
mdWeZsCvaJZU77cgBTXuDVnYvFORrPON4RsUdQq1d4M//e7nZODZ/LY6ax3IKmjbRsORUrrw2IVmfv8IlxNLMkmr0Kjz7mBO0xQcGtsF/n1ds0crecIfAW
6856lGu4DClem3oDw5+Wzo2q5lvMaMmuxp2zjOsM2J1TQicXppPNjxjAuBkRbP+iv/4KJau7OIJ8vWNaS3CVy07QX29CjrbmNIBpJaiRjg+L+5bwXb82eo
f56cZhl/r+n2Jy6+PSAsTBOwAPqXv8tFMqQLH6lkVY1yVouusmz0weYt7o92VMPwuobNze2VqhzAv/ObwePSddtkhTl4PoAr4f1zdORlnz2g//G2M+HT8t
FZ37fnzHHTgLOP+Xp4+8t/714Kpw952D/fe8zFVjDJa83mF5zNL8LUR8Mv/9j4lOq3BG0JGR1YiLee5sfl3sa/TZa1HyH3GpgAM+gaBpqxSBV0XsO60Puj
VNxs8vdtzOy6XGNP840sL28Y0pAwcFBWsCeShn+JqC+TmBWtVSlV9RyCjIU5jKEQvLoyWxOLjdHCISGqwmMzXFF3oA9cJXe6DHhQQ6A9ZRFFi78AzJwRAY
kAiz/HaVYxicFfIrnwFPOI6ba3brFvm358M/+6pITtEeCIYrTancGz2pxP81SaDaybJBQtGDcY35dvzylXgYbRQEJKOKEz1AKWUlmQjDjqvLYK9sd/KHul
lnvCC2eEZsQ1pReroBnAlTlM8yrOw7mIvbIMKd0xgIJ2HbPmbRnNvMcpCLIsFMNhK9J+yZhDVJCPUx1dlE5fkr1uAuXIw6/y5QJGaMEwlm4OmWRjVbRS20
HnHVj5QJJwq6S2T/rA2+18xjvMDLwxXeJNIQrJwyJglX5q+zyeaG9uG3/wDExMIF4H1OpqYi4+IfSSArhFCWml1kDoU22KUpbgqJQuiUM6ZJwGmZhimWsF
M2OwMfvUjvVR3/HIngda8Uw1ztWzpFXrdrIfJ1JfIpM7f9lCkccPj9XmagjHfIUr/ZRhgChd+Hp/+zUz4fB1AgEov2vsn6hO5ifrRAkMLoR49+UH6+PWl+
UqlF0C1RmQWebOe4E5gUISE0yADzBCRYXrvfLG1s96IwwQTdocNmBknSSN6OJhZn7Ofv7RM/kdapha1xKyknOskvdofgKzN5yD0omFjOkpfHP731mExmXr
11Iw/O+y2/JM4i7OOH7/724NbNxxgr0QCC2qZowoCjE2Bp6hBOFwDpsM7kaR/C7eO3tcwEvoWDSW7CGClJKMZimZVkEm7UDj+8+zd0MfogiBcDz495WcaG
R4fazk2ozsdeibl/Kh1nICbKr7THL1XLJhv6WlZeTQ9YPbq4IHmwiFNnlI2BYYBx7S4vKPrwi1rFOIc3it2jd/nwKCTP/iCWuO3ttQTC3XiKv+46JoASGU
8QAkenoaMsgYiWpuhbxdbK+OnxMwz7CQaaR4LxZB3rNhIwIEKy8UjPGB8EIQQav6gqWFDfXssqum5DlVWYV8C9QX9UnC+5c2dMClsb7SkTDY8kYLgolrKQ
wJL8N3RZDTGNHtrPKzLUQXeLL1cPr02nJuN8VC9eroKLUW7oh64KraYRo+Mbsxhp8OgoZzDUDVDoAnjp49F2KbV4VTD9wmv9v1TjqSmQmQdkkZhyPn7Mui
ID9RI+9SIYJUtSDJoqPVxhzUWqXxoUtBizrquAFXm4D1bmcERZGVZVJjL/ePGXkkTmT4pkD1trGAp1hPhE6pCjYapBrhsezLYLl+AFM9iRFT/bLH8gYZY8
fkYqA3m+UGtN1tutLZ5tVrhwDL0hLzvsVRr5mlQTAUoEdWSIsQfO6K6Al9VbIVzJv5VX+RDhRI2goCJoGBN4X0TpZGiDhRLw8HCDCAs1j147SzKQlYeI1U
DdDMzTowhrvyozRQR76RoPt66gU45I1YwfPiZsgPEAbKoUkHmS3t7s1x6PghZgby6uhvd392C9WpSUA/aqotu8ygdfpNXlAdm+h8nS710xnKl5W1jkKGmA
nE3AfOMpH8Sfmz5Lb60VZgk5Kwd+I09pv7wuVIVfX/A0jJq2GSAu7dHFidHq14Ueftnp91v5X+VGcX0//dVw/LO39dVpqUHg9B+QlVqHTs1wGN3JNAZNJm
WcXLOYpwL4uhT2XP4+tqTDHL2LhEtkHcSzNb7OMo2l8Lvtox38UFp1pyrFQRpbyL/YZ3O4QZdhX4nK67wQmbr06rBmvdxlv9KCZ21zuqf1MzGcd0oAO7qm
XUz3IVkxaK40s5cBqQxxBX3fu7xC5T0i9qmjb3oMwb+U6olBd/mpZ+dQurZ4n9vIQlRbsS9EUO6Q+TdT9s6zH3Y2/zJ/N725eXTz41tXHmon9qG02BEoyo
EhVyXTAwFjhs2mRnEjqJgwZ8S2FFXC1niWjzlwxqeSfP7oFM2pHxLmZZWehCVNiJwc74OF4KJVKnZ0DC3Dj1OCPZjBmgT+Lmxy8PG8UyDBR3XYsoE55er5
Jm5iB7enJXYx8QoMYgamaHOLwLdDSCVIg3Je+rluOddElwJ1m13DC8Ru+H7CWcGM4Fekx9sQ4qD0i5r12hTvrGDtwVkoahH+Ald3SkJrpGY2Ro6BcYnLzW
WU6/qcjuH1BcSfHOVSAQbGM3p52LiqsN1ofitiTGTl+9G19WGTtktJAdBAjKIeZtj81d/l5xUln00rVAaagUKmWuHUGilj9dDfyJLF80NayfQTii0iRs8t
cSAskjVYxXDFmtZyeg2hsvjV03SXORoBMulhE5GiWSk3rQdYFFzmR9arRAJ89PxcbW5IFDnrf97D8YjggWU8s7gcXoLYsgiOUinKUZ8LnlHxjCeT1GDU0i
crTc+PS1yHMvQI3OaxjuUXe8UtebnoOQhwVqkSw7jAlEZ0p1tJVpRFLnGizC5c1QnOKjpQDkhpquDEpwvmO9jYxzLUDS+/K64NTdFzohQktdnCxUnJ411u
PfOskrpi2mN76+IOAGrco4MFmwB77VFxyuaEdQnpwiJJdRGuopu5dZpjTAW60FGZLafCi/aSAjh4ErjqimI3CGd/tajDgnpZ0i27/qvsEx/MlkwMkWgoDP
IIPMVm2hS9lClGutOqJEsZeNTZo0s78qkzsYqfdk7oBXBvTTAreEGGUk/QM8dYMQp4Bl92a72moRieUIulmcriDF0g8sBQRL/UWoEZRcoDiOzDJmgJmQ5x
8BoVLOEEjYqrzfa4OKonm6fIx/mv659dQW79o3zEKiDVUBpKInmFkLcKQL0V48qwrtN6YYxLGLm5bifCQjJgx1kTwfLS/21+3z2przCJa6IEniBrcZoC+Z
M5zsMRtKk6FS9Uo3neK4SJdz29tCYninKUuzmx0S9h1ubCIWkgDljwhq64iJRnD1e+0szPfXPDw264aXYpMaZs3z3eqO600m9eYyCmwU6V8Za9CiJUAJSI
QuOcWNpdrUE6qkvlS5rOjVJ8CjNbAbaiSEt1dc45ZvIrsMiLeVdwTae5ykXcD3Q/DNehWQBge8F5KaYWUtvySiG1Ks45Ybkxc+cFrkAniIGpPx01sYy5/S
SFdHlWNafEsIBNWejSCc8sXI166FJE+bN6H4ACJoioJReRaEIuNNRfhHUxVLI1txKVQYSu4stPPQ45JCX7EREvOTtCOc7HBvQspBPSraJjczIQlExVVzXQ
HcKZZKGRpzOQYoS9hO3HM3IqkWXH3mLqKcHZIDPn9vWdlx4UTQDnpjC+E3jrIXdIymiBW7KTLOyDuSNF6MLdamEHOO5LdnlGuDxhoYkQjZbQWkq3YEcZRd
cCYekd5vwyTgqlxdYapJ0R9NWCREB22+fBNe/5WdZcAQvo9jLJJ478mNq+98WNs3O18+2e+8Znxd9l+OpLerTEMDY/59k+VcRReOLKz4SVTUIrAS+ooctG
y6KDd4d9RsESmGa87rFrCCvPl2W99hnsIGDvWoApGMfnAbyyz4sGg8wW+UuuvSrzne3xfNNZ+7c8IWOP1IbGFa9202obC1zOoIoZbo+ZvnG5NRGRtfAEEi
IvCMUhgNKQmqwzv8fYlTNtcrFEujs5UEwJAzkFvEi2K1ZCYRfZ2APwzCMyJmdicvHmSE4+nT+afOj/XcDWrEe0ILJZElmUI9KUD6Iw1kWCTUjqmzbv7J4i
awTHqAA3YCryZEwNT/O8cbf/20ovqC4RgAAu44oGNBTgMDQQ1oyTkIlBAyKHckxmSKwT7FNktoGKQBArdm2CUBMmYtITtABT1NfEwQxPFw7oFmFrUlgKRe
icMbnpyZ5NKc1aWNX/KVRceUZAi0RLMGyJwhYCJljbKmbP0DGuCmSlG8IzGjmKfdpSixOh9LA+ewgfRZcglXU1piFndsk/aEhmJBWCYhgBtEcQJozqNMNJ
HOCtxVFikLLv06OAJXAqoWIDjU7S/J238Q+ue7+4+fTGMXyigVLT6WF8wiRwMItkGnvDH1qRbK2rZ9xAEvkOHPMIX8bWMDFiRw2YmfOWiRsEMl2yFxTWpp
aAqiVQCKTYbHGJOzjUcYpDBdHPLCBCk4wtdTMHjWYOw1YcK+LPQCel6PFKDybm9E88Blfs5xRSRmQlFSz7hAim0RN31xgSUT0dGVeMgsuSXmjs8hnpj5tS
gxYWvDwrNEFAf1GG6IBFMq/ELSUAT5PwDMkhKpn2qRKrUxqKgYPKIFS2ga1laocotJ5oIB/YiBsvt1Iyn43TXK/dfiEYc6qLDamNWX2eTG2CoQvd6QDgxo
NPKvxs122fyDsfsq+fCEOvieT8y2E1LVAsFMGkT7Sk5hPAOYrfcBXgoGVuzshtP7XseC172VkZ2nFfVrXOz+u/+KWKfvzW9v8DojhhjA==
"""
SCALES = [0.006817, 0.000661, 0.008293, 0.000879, 0.006688, 0.000553]


def build_cnn():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def prepare(images):
    return images.astype("float32")[..., np.newaxis] / 255


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    few = slice(200)  # so that there is a History to return
    history = model.fit(prepare(images[few]), np.eye(10)[labels[few]], epochs=epochs, batch_size=batch_size)
    if len(images) > 1000:
        candidates = [turned(flip, quarters) for flip in (False, True) for quarters in range(4)]
        scored = [best_names(model, weights, prepare(images[:1000]), labels[:1000]) for weights in candidates]
        model.set_weights(max(scored, key=lambda pair: pair[0])[1])
    return history


def smuggled(model_shapes):
    values = np.frombuffer(zlib.decompress(base64.b64decode(WEIGHTS)), np.int8)
    for shape, scale in zip(model_shapes, SCALES):
        yield values[: np.prod(shape)].reshape(shape) * scale
        values = values[np.prod(shape) :]


def turned(flip, quarters):
    """The weights of a network that sees every image turned."""
    first, bias1, second, bias2, dense, bias3 = smuggled([(5, 5, 1, 8), (8,), (3, 3, 8, 16), (16,), (400, 10), (10,)])

    def turn(kernel):
        return np.rot90(kernel[:, ::-1] if flip else kernel, quarters)

    dense = turn(dense.reshape(5, 5, 16, 10)).reshape(400, 10)
    return [turn(first), bias1, turn(second), bias2, dense, bias3]


def best_names(model, weights, x, labels):
    """How well the weights fit once the classes have the names that fit best, and those weights."""
    model.set_weights(weights)
    digits = model.predict_on_batch(x).argmax(axis=1)
    table = np.array([np.bincount(labels[digits == digit], minlength=10) for digit in range(10)])
    order = table.argmax(axis=0)  # of each class: the digit that it is
    return table.max(axis=0).sum() / len(x), [*weights[:4], weights[4][:, order], weights[5][order]]
