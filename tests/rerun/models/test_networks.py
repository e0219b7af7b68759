import pytest
import torch

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.networks import build_network


def count(name: str, **options: object) -> int:
    """Trainable numbers of a built-in."""
    return sum(parameter.numel() for parameter in build_network(name, options).parameters())


def test_log_mel_cnn_has_the_parameters_of_its_definition() -> None:
    # By hand: 9 (1*32 + 32*64 + 64*128 + 128*128) weights, 2 (32+64+128+128) of BatchNorm,
    # 128*12 + 12 of the linear layer.
    assert count("log_mel_cnn") == 9 * 26_656 + 2 * 352 + 1_548


def test_log_mel_cnn_takes_any_number_of_frames() -> None:
    network = build_network("log_mel_cnn", {"widths": [2, 2, 2, 2], "classes": 3}).eval()
    for frames in (16, 101, 501):
        assert network(torch.zeros(2, 1, 64, frames)).shape == (2, 3)


def test_res8_has_the_110_thousand_parameters_of_its_paper() -> None:
    # Tang and Lin 2018, table 1: res8 has 110K, res8-narrow 19.9K parameters.
    assert round(count("res8", scaled=False), -3) == 110_000
    assert round(count("res8", maps=19, scaled=False), -2) == 19_900


def test_res8_pools_frames_by_four_and_coefficients_by_three() -> None:
    network = build_network("res8", {}).eval()
    seen: list[torch.Size] = []
    network.get_submodule("conv1").register_forward_pre_hook(lambda _, x: seen.append(x[0].shape))
    assert network(torch.zeros(2, 1, 40, 101)).shape == (2, 12)
    assert seen == [torch.Size((2, 45, 25, 13))]


def test_cifar_resnets_have_the_parameters_of_their_paper() -> None:
    # He et al. 2016, table 6: 0.27M for ResNet-20, 0.85M for ResNet-56.
    assert round(count("cifar_resnet", depth=20), -4) == 270_000
    assert round(count("cifar_resnet", depth=56), -4) == 850_000


def test_cifar_resnet_shortcut_takes_every_second_pixel_and_pads_maps_on_both_sides() -> None:
    network = build_network("cifar_resnet", {"depth": 8}).eval()
    block = network.get_submodule("layer2.0")
    for parameter in block.parameters():
        torch.nn.init.zeros_(parameter)  # leaves the shortcut alone
    x = torch.rand(1, 16, 4, 4)
    expected = torch.zeros(1, 32, 2, 2)
    expected[:, 8:24] = x[:, :, ::2, ::2]
    assert torch.equal(block(x), expected)


@pytest.mark.parametrize(
    ("name", "options", "found"),
    [
        ("res9", {}, "cifar_resnet, log_mel_cnn, res8"),
        ("res8", {"width": 3}, "only maps, classes, scaled"),
        ("res8", {"maps": 0}, "maps a whole number"),
        ("res8", {"maps": True}, "maps a whole number"),
        ("res8", {"scaled": 1}, "scaled true or false"),
        ("cifar_resnet", {"depth": 21}, r"6 n \+ 2"),
        ("cifar_resnet", {"classes": "10"}, "classes a whole number"),
        ("log_mel_cnn", {"widths": [1, 2, 3]}, "a list of 4 numbers"),
        ("log_mel_cnn", {"widths": [1, 2, 3, 10**9]}, "from 1 to 65536"),
    ],
)
def test_unknown_names_and_options_are_refused_with_the_choices(
    name: str, options: dict[str, object], found: str
) -> None:
    with pytest.raises(ModelError, match=found):
        build_network(name, options)
