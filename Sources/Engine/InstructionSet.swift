import CProcessor
public import KernelTable
import KernelsBase

#if arch(x86_64)
  import KernelsV3
  import KernelsV4
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Choice of the kernels that this processor can run.
public enum InstructionSet {
  /// The variable that forces a level: `baseline`, `avx2` or `avx512`.
  package static let variable = "INKLING_INSTRUCTION_SET"

  /// The tables that this processor can run, slowest first.
  public static let available: [KernelTable] = {
    var tables = [KernelsBase.table]
    #if arch(x86_64)
      if processor_level() >= 3 { tables.append(KernelsV3.table) }
      if processor_level() >= 4 { tables.append(KernelsV4.table) }
    #endif
    return tables
  }()

  /// The name of what was chosen: what other levels compute differs in the last digits.
  package static var level: String { selected.name }

  /// The fastest table, or the one that the environment forces; a forced level that the processor lacks, or
  /// that does not exist, is ignored.
  package static let selected: KernelTable = {
    let forced = getenv(variable).map { String(cString: $0) }
    return available.last { $0.name == forced } ?? available[available.count - 1]
  }()
}
