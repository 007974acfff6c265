import Networks

/// Every operator that is read, by its name.
extension ONNXReader {
  /// What a node gives.
  ///
  /// - Throws: `CheckpointError` with the node if there is no counterpart.
  mutating func value(of node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    switch node.operation {
    case "Conv": try convolution(node)
    case "Gemm": try gemm(node)
    case "MatMul": try product(node)
    case "BatchNormalization": try batchNormalization(node)
    case "LayerNormalization": try layerNormalization(node)
    case "InstanceNormalization": try instanceNormalization(node)
    case "GroupNormalization": try groupNormalization(node)

    case "MaxPool": try pooling(node, "maxpool")
    case "AveragePool": try pooling(node, "avgpool")
    case "GlobalMaxPool": try globalPooling(node, "max", axes: [2, 3], keepsAxes: true)
    case "GlobalAveragePool": try globalPooling(node, nil, axes: [2, 3], keepsAxes: true)
    case "ReduceMean": try reduction(node, nil)
    case "ReduceMax": try reduction(node, "max")

    case "Relu": try function(node, "relu")
    case "Tanh": try function(node, "tanh")
    case "Sigmoid": try function(node, "sigmoid")
    case "LeakyRelu": try function(node, "leaky-relu", [node.real("alpha", default: 0.01)])
    case "Elu": try function(node, "elu", [node.real("alpha", default: 1)])
    case "Gelu", "com.microsoft.Gelu": try gelu(node)
    case "Swish": try swish(node)
    case "PRelu": try parametricRectifier(node)
    case "Selu": try selu(node)
    case "Clip": try clip(node)
    case "Erf": try errorFunction(node)

    case "Add": try sum(node, sign: 1)
    case "Sub": try sum(node, sign: -1)
    case "Sum": try join(node)
    case "Mul": try multiplication(node)
    case "Div": try division(node)
    case "Neg": try negation(node)
    case "Pow": try power(node)
    case "Sqrt": try root(node)
    case "Reciprocal": try reciprocal(node)
    case "Concat": try concatenation(node)
    case "Pad": try pad(node)

    case "Flatten": try flatten(node)
    case "Reshape": try reshape(node)
    case "Squeeze": try squeeze(node)
    case "Unsqueeze": try unsqueeze(node)
    case "Transpose": try transpose(node)

    case "Constant": try constant(node)
    case "Shape": try shape(node)
    case "Gather": try gather(node)
    case "Slice": try slice(node)
    case "Identity", "Dropout", "Cast", "CastLike": try unchanged(node)

    case "Softmax", "LogSoftmax": try softmax(node)
    case "ai.onnx.ml.ZipMap": try classNames(node)
    case "ai.onnx.ml.Scaler": try scaler(node)

    case "ConvTranspose", "LSTM", "GRU", "RNN", "Attention", "Resize", "Upsample", "Loop", "If",
      "Scan",
      "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "DequantizeLinear",
      "QuantizeLinear":
      throw node.error(Self.remedy(node.operation))
    case _:
      throw node.error(
        "there is no counterpart; Inkling's layers are \(LayerKinds.words.joined(separator: ", "))")
    }
  }

  private static func remedy(_ operation: String) -> String {
    if operation.contains("Q") || operation.hasSuffix("Integer") || operation.contains("uantize") {
      return "the network is quantized; export it as it was before, in 32-bit numbers"
    }
    return
      "Inkling reads networks that classify images by convolutions, poolings and linear layers, and has no counterpart"
  }
}
