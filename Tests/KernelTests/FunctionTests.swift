import CKernels
import Foundation
import TestSupport
import Testing

extension Kernels {
    struct FunctionTests {
        @Test(arguments: Level.supported, Function.all)
        func errorsAreWithinBounds(_ level: Level, _ function: Function) {
            // Over all bit patterns: every exponent, both signs, denormals, infinities and NaNs.
            let step = Effort.isThorough ? 4_001 : 100_003
            var inputs = stride(from: 0, through: Int(UInt32.max), by: step)
                .map { Float(bitPattern: UInt32($0)) }
            inputs += (-2000...2000).map { Float($0) * 0.01 }
            inputs += (-64...64).map { 1 + Float($0) * 0x1p-20 }
            inputs.removeAll { abs($0) > function.limit }
            let results = level.run { function(inputs) }
            var worst = (error: 0.0, index: 0)
            for index in inputs.indices {
                let error = ulps(results[index], from: function.truth(Double(inputs[index])))
                if error > worst.error { worst = (error, index) }
            }
            #expect(
                worst.error <= function.tolerance,
                "\(function.name)(\(inputs[worst.index])) = \(results[worst.index])")
        }

        @Test(arguments: Level.supported, Function.all)
        func oneNumberAndManyAreTheSame(_ level: Level, _ function: Function) {
            var random = SeededGenerator(seed: 30)
            for n in 0...40 {
                let inputs = random.floats(n, scale: 90)
                let (inPlace, out) = (Guarded(inputs, shift: n % 5), Guarded(inputs, shift: 1))
                level.run {
                    function.map(inPlace.pointer, inPlace.pointer, n)
                    function.map(out.pointer, inputs, n)
                    #expect(bits(out.values) == bits(inputs.map(function.one)), "\(n)")
                }
                #expect(bits(inPlace.values) == bits(out.values))
                #expect(inPlace.isIntact && out.isIntact)
            }
        }

        @Test(arguments: Level.supported) func sineAndCosineTogether(_ level: Level) {
            var random = SeededGenerator(seed: 31)
            for n in 0...40 {
                let inputs = random.floats(n, scale: 50)
                let (sine, cosine) = (Guarded(inputs), Guarded(inputs, shift: 3))
                level.run {
                    tk_sincos(sine.pointer, cosine.pointer, sine.pointer, n)
                    #expect(bits(sine.values) == bits(inputs.map { tk_sin1($0) }))
                    #expect(bits(cosine.values) == bits(inputs.map { tk_cos1($0) }))
                }
                #expect(sine.isIntact && cosine.isIntact)
            }
        }

        @Test(arguments: Level.supported) func extremesOfTheExponential(_ level: Level) {
            level.run {
                #expect(tk_exp1(0) == 1)
                #expect(tk_exp1(.infinity) == .infinity)
                #expect(tk_exp1(-.infinity) == 0)
                #expect(tk_exp1(.nan).isNaN)
                #expect(tk_exp1(0x1.62e42ep+6).isFinite)
                #expect(tk_exp1(0x1.62e43p+6) == .infinity)
                #expect(tk_exp1(-0x1.9fe368p+6) == .leastNonzeroMagnitude)
                #expect(tk_exp1(-0x1.9fe36ap+6) == 0)
                // A vector with extremes in it gives its other lanes the same bits.
                let mild: [Float] = (0..<16).map { Float($0) * -5.3 }
                var mixed = mild
                mixed[3] = -200
                let (apart, together) = (mild.map { tk_exp1($0) }, Function.all[0](mixed))
                for lane in 0..<16 where lane != 3 { #expect(apart[lane] == together[lane]) }
            }
        }

        @Test(arguments: Level.supported) func extremesOfTheOthers(_ level: Level) {
            level.run {
                #expect(tk_log1(1) == 0)
                #expect(tk_log1(0) == -.infinity)
                #expect(tk_log1(-0.0) == -.infinity)
                #expect(tk_log1(-.leastNonzeroMagnitude).isNaN)
                #expect(tk_log1(.infinity) == .infinity)
                #expect(tk_log1(-.infinity).isNaN)
                for function in [tk_tanh1, tk_erf1] {
                    #expect(function(.infinity) == 1)
                    #expect(function(-.infinity) == -1)
                    #expect(bits(function(-0.0)) == bits(-0.0))
                    #expect(function(.leastNonzeroMagnitude) == .leastNonzeroMagnitude)
                }
                #expect(tk_sigmoid1(-.infinity) == 0)
                #expect(tk_sigmoid1(.infinity) == 1)
                #expect(tk_sigmoid1(0) == 0.5)
                #expect(tk_softplus1(-.infinity) == 0)
                #expect(tk_softplus1(.infinity) == .infinity)
                #expect(bits(tk_sin1(-0.0)) == bits(-0.0))
                #expect(tk_cos1(0) == 1)
                for function in [tk_sin1, tk_cos1] {
                    #expect(function(.infinity).isNaN)
                    #expect(function(0x1p30).isNaN)
                    #expect(abs(function(1e9)) <= 1)
                }
            }
        }

        @Test(arguments: Level.supported) func powersHaveTheSpecialCasesOfIEEE(_ level: Level) {
            let values: [Float] = [
                0, 1, 0.5, 2, 3, 2.5, 0x1p24, 0x1p30, .leastNonzeroMagnitude, 1e30, .infinity,
            ]
            let all = values + values.map { -$0 } + [.nan]
            level.run {
                for base in all {
                    for exponent in all {
                        let expected = Float(Foundation.pow(Double(base), Double(exponent)))
                        let power = tk_pow1(base, exponent)
                        #expect(bits(power) == bits(expected), "\(base)^\(exponent)")
                    }
                }
            }
        }
    }
}
