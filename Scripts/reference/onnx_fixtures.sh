#!/usr/bin/env bash
# Makes the ONNX files of Tests/InterchangeTests/Fixtures anew, each with the Python that has what it needs:
# onnx_fixtures.sh PYTHON_WITH_TORCH PYTHON_WITH_TENSORFLOW PYTHON_WITH_SKLEARN
set -euo pipefail
cd "$(dirname "$0")"
folder=../../Tests/InterchangeTests/Fixtures/ONNX
rm -rf "$folder"
"$1" onnx_models.py "$folder/torch" \
  mlp.dynamo.onnx functional-view.script.onnx functional-flatten.dynamo.onnx conv-s2-p1-norm.script.onnx conv-even.dynamo.onnx \
  conv-rectangle.script.onnx maxpool-padded.script.onnx maxpool-ceil.dynamo.onnx avgpool-padded-fair.script.onnx \
  function-gelu.script.onnx function-silu.dynamo.onnx adaptive.script.onnx mean.dynamo.onnx all-convolutional.script.onnx \
  layernorm.script.onnx groupnorm.dynamo.onnx norm-epsilon.script.onnx scaled-colour.dynamo.onnx softmax.script.onnx \
  logits-scaled.script.onnx residual-norm.dynamo.onnx projection-norm.script.onnx dense.script.onnx inception.dynamo.onnx \
  mobilenet.script.onnx norms-epsilon.script.onnx crossing.script.onnx gated.script.onnx one-output.script.onnx
"$1" onnx_models.py "$folder/older" --opsets 7,9 \
  functional-view.opset7.onnx groupnorm.opset7.onnx avgpool-padded.opset9.onnx layernorm.opset9.onnx
"$2" onnx_models_keras.py "$folder/keras" \
  keras-mlp-softmax.onnx keras-cnn-same.onnx keras-cnn-reshape.onnx keras-residual.onnx keras-mobile.onnx keras-layernorm.onnx
"$3" onnx_models_sklearn.py "$folder/sklearn" sklearn-mlp.onnx sklearn-mlp-scaled.onnx
du -sh "$folder"
