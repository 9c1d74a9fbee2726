import { createContext, useContext } from 'react'
import { speak, type Speak } from './speak'

const SpeakContext = createContext<Speak>(speak('zh'))

export const SpeakProvider = SpeakContext.Provider

export function useSpeak(): Speak {
  return useContext(SpeakContext)
}
