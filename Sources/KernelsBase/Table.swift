package import KernelTable

#if KERNELS_V4
  private let levelName = "avx512"
#elseif KERNELS_V3
  private let levelName = "avx2"
#else
  private let levelName = "baseline"
#endif

/// This module's kernels.
package let table = KernelTable(
  name: levelName,
  multiply: { multiply($0) },
  addRows: { addRows($0, $1, $2, $3) },
  relu: { relu($0, $1, $2) },
  reluBackward: { reluBackward($0, $1, $2, $3) },
  activation: { activation($0) },
  softmaxRows: { softmaxRows($0, $1, $2, $3, $4) },
  softmaxRowsBackward: { softmaxRowsBackward($0, $1, $2, $3, $4) },
  normalizeRows: { normalizeRows($0, $1) },
  normalizeRowsBackward: { normalizeRowsBackward($0, $1, $2, $3, $4) },
  cell: { cell($0) },
  binaryCrossEntropy: { binaryCrossEntropy($0, $1, $2, $3, $4) },
  maxPool: { maxPool($0, $1, $2) },
  maxPoolBackward: { maxPoolBackward($0, $1, $2, $3, $4) },
  averagePool: { averagePool($0, $1, $2) },
  averagePoolBackward: { averagePoolBackward($0, $1, $2) },
  dropout: { dropout($0, $1, $2, $3, $4) },
  scaleShift: { scaleShift($0, $1, $2, $3, $4, $5) },
  addDeviations: { addDeviations($0, $1, $2, $3, $4, $5) },
  addProducts: { addProducts($0, $1, $2, $3, $4, $5, $6) },
  normBackward: { normBackward($0, $1, $2, $3, $4, $5, $6, $7, $8) },
  reluPool: { reluPool($0, $1, $2, $3) },
  reluPoolBackward: { reluPoolBackward($0, $1, $2, $3, $4) },
  gatherPatches: { gatherPatches($0, $1, $2, $3, $4, $5, $6, $7) },
  winogradInput: { winogradInput($0, $1, $2) },
  winogradOutput: { winogradOutput($0, $1, $2, $3) },
  winogradWeights: { winogradWeights($0, $1, $2, $3, $4) },
  winogradGradient: { winogradGradient($0, $1, $2, $3) },
  winogradWeightGradient: { winogradWeightGradient($0, $1, $2, $3) },
  winogradInputSmall: { winogradInputSmall($0, $1, $2) },
  winogradOutputPooled: { winogradOutputPooled($0, $1, $2, $3) },
  winogradOutputSmall: { winogradOutputSmall($0, $1, $2, $3) },
  winogradWeightsSmall: { winogradWeightsSmall($0, $1, $2, $3, $4) },
  sortLive: { sortLive($0) },
  accumulateSparse: { accumulateSparse($0) },
  findInk: { findInk($0, $1, $2, $3, $4, $5) },
  inkRows: { inkRows($0, $1, $2, $3, $4) },
  resample: { resample($0) },
  gather: { gather($0) },
  update: { update($0) })
