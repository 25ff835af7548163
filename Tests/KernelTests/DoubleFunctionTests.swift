import CKernels
import Foundation
import TestSupport
import Testing

extension Kernels {
    struct DoubleFunctionTests {
        private static let count = Effort.isThorough ? 200_000 : 5_000

        private func uniform(_ random: inout SeededGenerator, _ bounds: Range<Double>) -> Double {
            Double.random(in: bounds, using: &random)
        }

        @Test func errorsAreWithinBounds() {
            var random = SeededGenerator(seed: 40)
            var worst = (exp: 0.0, log: 0.0, sin: 0.0, cos: 0.0)
            for _ in 0..<Self.count {
                let x = uniform(&random, -700..<700)
                worst.exp = max(worst.exp, abs(tk_exp_double(x) / Foundation.exp(x) - 1))
                let y = Foundation.exp(x)
                worst.log = max(worst.log, abs(tk_log_double(y) / Foundation.log(y) - 1))
                let near = 1 + x * 1e-5
                worst.log = max(worst.log, abs(tk_log_double(near) / Foundation.log(near) - 1))
                let angle = x * 1e3
                worst.sin = max(worst.sin, abs(tk_sin_double(angle) - Foundation.sin(angle)))
                worst.cos = max(worst.cos, abs(tk_cos_double(angle) - Foundation.cos(angle)))
            }
            #expect(worst.exp < 1e-15)
            #expect(worst.log < 1e-15)
            #expect(worst.sin < 1e-15)
            #expect(worst.cos < 1e-15)
        }

        @Test func extremes() {
            #expect(tk_exp_double(0) == 1)
            #expect(tk_exp_double(710) == .infinity)
            #expect(tk_exp_double(-746) == 0)
            #expect(tk_exp_double(-745) == .leastNonzeroMagnitude)
            #expect(tk_exp_double(.nan).isNaN)
            #expect(tk_log_double(1) == 0)
            #expect(tk_log_double(0) == -.infinity)
            #expect(tk_log_double(-1).isNaN)
            #expect(tk_log_double(.infinity) == .infinity)
            #expect(tk_log_double(.nan).isNaN)
            let tiniest = Double.leastNonzeroMagnitude
            #expect(tk_log_double(tiniest) == Foundation.log(tiniest))
            #expect(tk_sin_double(0) == 0)
            #expect(tk_cos_double(0) == 1)
            #expect(tk_sin_double(.infinity).isNaN)
            #expect(tk_cos_double(0x1p30).isNaN)
        }

        @Test func theLevelMakesNoDifference() {
            let results = Level.supported.map { level in
                level.run {
                    [0.3, 1.7, 12.5].flatMap { x in
                        [tk_exp_double(x), tk_log_double(x), tk_sin_double(x), tk_cos_double(x)]
                    }
                }
            }
            #expect(Set(results).count == 1)
        }
    }
}
