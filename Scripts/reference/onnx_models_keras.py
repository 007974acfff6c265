"""Small networks as tf2onnx writes Keras' to ONNX, with the scores they give: onnx_models_keras.py FOLDER [NAME...]

Needs tensorflow-cpu, tf2onnx. See onnx_models.py.
"""
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy
import tensorflow as tf
import tf2onnx

from uniform import uniform

k = tf.keras
l = k.layers


def sequential(shape, *layers):
    return k.Sequential([k.Input(shape), *layers])


def residual(shape):
    x = start = k.Input(shape)
    x = l.Conv2D(6, 3, padding="same", use_bias=False)(x)
    x = l.ReLU()(l.BatchNormalization()(x))
    y = l.Conv2D(6, 3, padding="same", activation="relu")(x)
    y = l.BatchNormalization()(l.Conv2D(6, 3, padding="same")(y))
    x = l.ReLU()(l.Add()([x, y]))
    x = l.Concatenate()([l.Conv2D(4, 1)(x), l.MaxPooling2D(3, 1, padding="same")(x)])
    return k.Model(start, l.Dense(5)(l.GlobalAveragePooling2D()(x)))


def mobile(shape):
    x = start = k.Input(shape)
    x = l.Rescaling(1 / 127.5, offset=-1)(x)
    x = l.ReLU(6.0)(l.BatchNormalization()(l.Conv2D(8, 3, 2, padding="same", use_bias=False)(x)))
    x = l.ReLU(6.0)(l.BatchNormalization()(l.DepthwiseConv2D(3, padding="same", use_bias=False)(x)))
    x = l.BatchNormalization()(l.Conv2D(12, 1, use_bias=False)(x))
    x = l.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = l.Conv2D(12, 3, 2)(x)
    return k.Model(start, l.Dense(5, activation="softmax")(l.Dropout(0.2)(l.GlobalAveragePooling2D()(x))))


# What the refusal of a network must say.
REFUSED = {"groupnorm": ["node", "Reshape", "mixes"]}


# name, network, its images (channels, rows, columns), factor of the pixels
def cases():
    grey, colour = (12, 12, 1), (16, 16, 3)
    yield "mlp", sequential((12, 12), l.Flatten(), l.Dense(20, activation="relu"), l.Dropout(0.2), l.Dense(5)), (1, 12, 12), 1
    yield "mlp-softmax", sequential((12, 12), l.Flatten(), l.Dense(20, activation="relu"), l.Dense(5, activation="softmax")), (1, 12, 12), 1
    yield "cnn", sequential(
        grey, l.Conv2D(6, 3, activation="relu"), l.MaxPooling2D(), l.Conv2D(8, 3, activation="relu"), l.Flatten(),
        l.Dense(16, activation="relu"), l.Dense(5)), (1, 12, 12), 1
    yield "cnn-same", sequential(
        colour, l.Conv2D(6, 3, padding="same", activation="relu"), l.MaxPooling2D(3, 2, padding="same"),
        l.Conv2D(8, 3, 2, padding="same"), l.BatchNormalization(), l.ReLU(), l.AveragePooling2D(3, 2, padding="same"),
        l.Flatten(), l.BatchNormalization(), l.Dense(5)), (3, 16, 16), 1
    yield "cnn-reshape", sequential(
        (12, 12), l.Reshape((12, 12, 1)), l.Conv2D(6, 3, activation="elu"), l.GlobalMaxPooling2D(), l.Dense(5)), (1, 12, 12), 1
    yield "functions", sequential(
        colour, l.Conv2D(6, 3, activation="selu"), l.LeakyReLU(), l.Conv2D(6, 3, activation="silu"), l.Conv2D(4, 3),
        l.PReLU(shared_axes=[1, 2, 3]), l.Flatten(), l.Dense(9, activation="tanh"), l.Dense(5)), (3, 16, 16), 1
    yield "rescaling", sequential(
        colour, l.Rescaling([4.0, 4.1, 3.9], offset=[-1.9, -2.0, -1.8]), l.Conv2D(4, 3), l.ReLU(),
        l.Flatten(), l.Dense(5)), (3, 16, 16), 1
    yield "residual", residual(colour), (3, 16, 16), 1
    yield "mobile", mobile(colour), (3, 16, 16), 255
    yield "layernorm", sequential(
        colour, l.Conv2D(6, 3), l.LayerNormalization(), l.ReLU(), l.GlobalAveragePooling2D(), l.Dense(9),
        l.LayerNormalization(epsilon=0.05), l.Dense(5)), (3, 16, 16), 1
    yield "groupnorm", sequential(
        colour, l.Conv2D(6, 3), l.GroupNormalization(2), l.Flatten(), l.Dense(5)), (3, 16, 16), 1


def main():
    folder, names = sys.argv[1], set(sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    listed = []
    for number, (name, model, shape, factor) in enumerate(cases()):
        generator = numpy.random.default_rng(number)
        for variable in model.weights:
            values = variable.numpy()
            if "moving_mean" in variable.path:
                variable.assign(numpy.linspace(-0.3, 0.4, values.size).astype("f"))
            elif "moving_variance" in variable.path:
                variable.assign(numpy.linspace(0.6, 1.7, values.size).astype("f"))
            elif values.ndim == 1 and values.size and "batch_normalization" not in variable.path:
                variable.assign((values + generator.normal(0, 0.1, values.shape)).astype("f"))
        count, (c, h, w) = 3, shape
        x = uniform(count * c * h * w, 700 + number).reshape(count, c, h, w)
        theirs = numpy.transpose(x, (0, 2, 3, 1)) * numpy.float32(factor)
        if len(model.input_shape) == 3:
            theirs = theirs[..., 0]
        last = model.layers[-1]
        if getattr(last, "activation", None) is k.activations.softmax:
            last.activation = k.activations.linear
            scores = model(theirs, training=False).numpy()
            last.activation = k.activations.softmax
        else:
            scores = model(theirs, training=False).numpy()
        file = f"keras-{name}.onnx"
        if names and file not in names:
            continue
        signature = (tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="image"),)
        function = tf.function(lambda image: model(image, training=False), input_signature=signature)
        tf2onnx.convert.from_function(
            function, input_signature=signature, opset=(13, 15, 17)[number % 3], output_path=os.path.join(folder, file))
        listed.append({"file": file, "shape": shape, "stream": 700 + number, "count": count,
                       "scores": scores.flatten().tolist(), "refusal": REFUSED.get(name)})
    with open(os.path.join(folder, "cases.json"), "w") as out:
        json.dump(listed, out)
    print(len(listed), "files")


main()
